use 5.010;
use strict;
use warnings;

use Test::More;
use IO::Handle;
use POSIX ();

use Contain;

sub is_alive {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/stat" or return 0;
    my $text = <$file> // return 0;
    return $text =~ /.*\) (\S)/ && $1 ne 'Z';
}

# ---- commands ----

my $group = Contain->spawn([ 'sh', '-c', 'exit 7' ]);
is($group->wait >> 8, 7, 'a status');
is($group->status >> 8, 7, 'the same again');
like($group->guarantee, qr/^SIG(KILL|HUP)$/, 'a guarantee');
ok(length $group->mechanism, 'a mechanism');

$group = Contain->spawn([ 'sh', '-c', 'sleep 600 & exit 3' ]);
is($group->wait >> 8, 3, 'the status of one that leaves something');
is(scalar(my @left = $group->leftovers), 1, 'its leftover');
like($left[0]{name}, qr/^(sh|sleep)$/, 'and its name');
is($left[0]{command}, undef, 'no details unless asked for');

SKIP: {
    skip 'only Linux tells the details', 2 if $^O ne 'linux';
    # it has its command line once it has let go of the pipe
    $group = Contain->spawn(
        [ 'sh', '-c', 'x=$(sh -c "exec >&-; sleep 600; :" tag &)' ],
        details => 1);
    $group->wait;
    my ($told) = grep {
        ($_->{command} // '') eq 'sh -c exec >&-; sleep 600; : tag'
    } $group->leftovers;
    ok($told, 'the command line of a leftover');
    ok(defined $told->{age} && $told->{age} < 60, 'and its age');
}

$group = Contain->spawn([ 'cat' ], stdin => 'pipe', stdout => 'pipe');
print { $group->stdin } "word\n";
close $group->stdin;
is(readline $group->stdout, "word\n", 'through two pipes');
is($group->wait, 0, 'and its end');

pipe my $reading, my $writing or die;
$group = Contain->spawn([ 'sh', '-c', 'echo $A >&7; pwd >&7' ],
    environment => { A => 'b' }, directory => '/usr',
    fds => { 7 => $writing });
close $writing;
is(join('', readline $reading), "b\n/usr\n",
    'environment, directory, descriptor');

$group = Contain->spawn([ 'sleep', '600' ], timeout => 0.1);
is($group->wait & 127, POSIX::SIGTERM(), 'a timeout');
ok($group->timed_out, 'is told');

$group = Contain->spawn([ 'sleep', '600' ]);
is($group->wait(0), undef, 'it runs');
is_deeply([ map { $_->{pid} } $group->members ], [ $group->pid ],
    'its members');
ok($group->stop && $group->continue, 'stopped and continued');
$group->end;
is($group->wait & 127, POSIX::SIGTERM(), 'asked to end');

$group = Contain->spawn([ 'sh', '-c', 'trap "" TERM; sleep 600; :' ]);
$group->kill;
is($group->wait & 127, POSIX::SIGKILL(), 'ended at once');

$group = Contain->spawn([ 'sleep', '600' ]);
my $pid = $group->pid;
ok(is_alive($pid), 'one runs');
undef $group;
ok(!is_alive($pid), 'and goes with its object');

# ---- what is wrong ----

for my $case (
    [ qr/^exec: .*nonexistent/ => sub { Contain->spawn(['/nonexistent']) } ],
    [ qr/no command/           => sub { Contain->spawn([]) } ],
    [ qr/backend: 'x'/ => sub { Contain->spawn(['true'], backend => 'x') } ],
    [ qr/no such option/ => sub { Contain->spawn(['true'], wrong => 1) } ],
    [ qr/^usage: signal/ => sub { Contain->spawn(['true'], signal => 999) } ],
    [ qr/^exec: .*directory/ => sub { contain {} directory => '/none' } ],
    ) {
    eval { $case->[1]->(); 1 };
    like($@, $case->[0], "refused: $case->[0]");
}

# ---- fork ----

$group = contain { POSIX::_exit(5) };
is($group->wait >> 8, 5, 'contain and a block');
$group = contain { exec 'sh', '-c', 'exit 6' };
is($group->wait >> 8, 6, 'that executes something');
$group = contain { 1 };
is($group->wait, 0, 'that returns');
$group = contain { close STDERR; die "wrong\n" };
is($group->wait >> 8, 255, 'that dies');

my $caught = 0;
local $SIG{USR1} = sub { $caught++ };
$group = contain {
    kill 'USR1', $$;
    my $sum = 0;
    $sum += `echo $_` for 1 .. 3;
    POSIX::_exit($caught == 1 && $sum == 6 ? 7 : 1);
};
is($group->wait >> 8, 7, 'handlers and children work in it');
is($caught, 0, 'and not here');

pipe $reading, $writing or die;
$group = contain {
    close $reading;
    if (!(fork // die)) {
        POSIX::setsid();
        syswrite $writing, "up\n";
        sleep 600;
    }
    sleep 600;
};
close $writing;
is(sysread($reading, my $word, 3), 3, 'a child of it is up');
undef $group;
is(sysread($reading, $word, 3), 0, 'and nobody is left');

# One that has a group of its own and is contained itself.
$group = contain {
    POSIX::_exit(Contain->spawn([ 'sh', '-c', 'exit 4' ])->wait >> 8);
};
is($group->wait >> 8, 4, 'nested');

done_testing();
