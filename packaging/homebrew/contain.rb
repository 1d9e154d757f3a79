class Contain < Formula
  desc "Run a command so that everything it starts ends with it"
  homepage "https://contain.invalid/"
  url "https://contain.invalid/contain-0.1.0.tar.gz"
  sha256 "@SHA256@"
  license "ISC"

  def install
    system "./configure", "--disable-silent-rules", *std_configure_args
    system "make", "install"
  end

  test do
    (testpath/"job.sh").write <<~SH
      trap "" HUP
      sleep 600 &
      echo $! >pid
      exit 7
    SH
    assert_match "guarantee=SIG",
      shell_output("#{bin}/contain --report -- sh job.sh 2>&1", 7)
    pid = (testpath/"pid").read.to_i
    assert_raises(Errno::ESRCH) { Process.kill(0, pid) }
  end
end
