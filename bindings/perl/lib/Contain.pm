package Contain;

use 5.010;
use strict;
use warnings;

use Carp ();
use Config ();
use Exporter 'import';
use POSIX   ();
use XSLoader;

our $VERSION   = '0.1.0';
our @EXPORT    = ('contain');
our @CARP_NOT  = ();

XSLoader::load('Contain', $VERSION);

my %backends   = (auto => 0, pidns => 1, pty => 2);
my %guarantees = (none => 0, SIGHUP => 1, SIGKILL => 2);
my %kinds      = (pipe => 1, null => 2, stdout => 3);
my %numbers    = map { $_ => "${_}_ms" } qw(timeout kill_after linger grace);

sub _word {
    my ($name, $value, $words) = @_;
    Carp::croak("$name: '$value' is not valid")
        unless exists $words->{$value};
    return $words->{$value};
}

sub _fileno {
    my ($what) = @_;
    return $what if !ref $what && $what =~ /^-?\d+$/;
    my $fd = fileno $what;
    Carp::croak('fd: not an open handle') unless defined $fd && $fd >= 0;
    return $fd;
}

sub _signal {
    my ($signal) = @_;
    return $signal if $signal =~ /^\d+$/;
    my @names = split ' ', $Config::Config{sig_name};
    my ($name) = $signal =~ /^(?:SIG)?(\w+)$/;
    for my $number (1 .. $#names) {
        return $number if defined $name && $names[$number] eq $name;
    }
    Carp::croak("signal: '$signal' is not valid");
}

my %stdio = (stdin => 0, stdout => 1, stderr => 2);

my %setters = (
    backend => sub {
        _set_number($_[0], 'backend', _word('backend', $_[1], \%backends));
    },
    require => sub {
        _set_number($_[0], 'require', _word('require', $_[1], \%guarantees));
    },
    signal      => sub { _set_number($_[0], 'signal', _signal($_[1])) },
    close_fds   => sub { _set_number($_[0], 'descriptors', $_[1] ? 1 : 0) },
    details     => sub { _set_number($_[0], 'details', $_[1] ? 1 : 0) },
    directory   => sub { _set_directory(@_) },
    environment => sub {
        my ($options, $env) = @_;
        _set_environment($options, [ map { "$_=$env->{$_}" } keys %$env ]);
    },
    fds => sub {
        my ($options, $fds) = @_;
        _set_fd($options, $_, _fileno($fds->{$_})) for keys %$fds;
    },
    limits => sub {
        my ($options, $limits) = @_;
        _set_limit($options, $_, @{ $limits->{$_} }) for keys %$limits;
    },
);
for my $name (keys %numbers) {
    $setters{$name} = sub {
        _set_number($_[0], $numbers{$name}, POSIX::ceil($_[1] * 1000));
    };
}
for my $name (keys %stdio) {
    $setters{$name} = sub {
        my ($options, $what) = @_;
        return _set_stdio($options, $stdio{$name}, $kinds{$what})
            if !ref $what && exists $kinds{$what};
        return _set_fd($options, $stdio{$name}, _fileno($what));
    };
}

# Call $start with options made of %wanted.
sub _with_options {
    my ($start, %wanted) = @_;
    my $options = _options_new();
    my @result  = eval {
        for my $name (keys %wanted) {
            my $set = $setters{$name}
                or Carp::croak("$name: no such option");
            $set->($options, $wanted{$name});
        }
        $start->($options);
    };
    my $failure = $@;
    # a copy must not touch what it inherited
    _options_free($options) unless @result && !$result[0];
    die $failure if $failure;
    return @result;
}

sub _new {
    my ($class, $pointer, %wanted) = @_;
    my $self = bless { pointer => $pointer, owner => $$ }, $class;
    @$self{qw(backend guarantee reach warden mechanism why_not_better)}
        = _effect($pointer);
    $self->{pid} = _pid($pointer);
    for my $name (keys %stdio) {
        next unless defined $wanted{$name} && $wanted{$name} eq 'pipe';
        my $fd = _take_stdio($pointer, $stdio{$name});
        open my $handle, $name eq 'stdin' ? '>&=' : '<&=', $fd
            or die "open: $!\n";
        $handle->autoflush(1) if $name eq 'stdin';
        $self->{$name} = $handle;
    }
    return $self;
}

sub spawn {
    my ($class, $command, %wanted) = @_;
    Carp::croak('spawn: no command')
        unless ref $command eq 'ARRAY' && @$command;
    my ($pointer)
        = _with_options(sub { _spawn($_[0], $command) }, %wanted);
    return $class->_new($pointer, %wanted);
}

sub contain (&;@) {
    my ($work, %wanted) = @_;
    my ($pid, $pointer) = _with_options(sub { _fork($_[0]) }, %wanted);
    return __PACKAGE__->_new($pointer, %wanted) if $pid;
    eval { $work->(); 1 } or do { print STDERR $@; POSIX::_exit(255) };
    STDOUT->flush;
    POSIX::_exit(0);
}

sub pid            { $_[0]{pid} }
sub backend        { $_[0]{backend} }
sub guarantee      { $_[0]{guarantee} }
sub reach          { $_[0]{reach} }
sub warden         { $_[0]{warden} }
sub mechanism      { $_[0]{mechanism} }
sub why_not_better { $_[0]{why_not_better} }
sub stdin          { $_[0]{stdin} }
sub stdout         { $_[0]{stdout} }
sub stderr         { $_[0]{stderr} }
sub fd             { _fd($_[0]->_pointer) }

sub _pointer { $_[0]{pointer} // Carp::croak('the group is closed') }

sub wait {
    my ($self, $timeout) = @_;
    return $self->{status} if defined $self->{status};
    my ($status, $flags, $elapsed, @leftovers) = _wait($self->_pointer,
        defined $timeout ? POSIX::ceil($timeout * 1000) : -1);
    return unless defined $status;
    $self->{status}    = $status;
    $self->{timed_out} = $flags & 1 ? 1 : 0;
    $self->{elapsed}   = $elapsed / 1000;
    $self->{leftovers} = [ map {
        { pid => $_->[0], parent => $_->[1], took => $_->[2],
            name => $_->[3],
            age     => $_->[4] >= 0    ? $_->[4] / 1000 : undef,
            command => length $_->[5] ? $_->[5]        : undef }
    } @leftovers ];
    return $status;
}

sub status    { $_[0]->wait(0) }
sub timed_out { $_[0]->wait(0); $_[0]{timed_out} }
sub elapsed   { $_[0]->wait(0); $_[0]{elapsed} }
sub leftovers { $_[0]->wait(0); @{ $_[0]{leftovers} // [] } }

sub signal   { _tell($_[0]->_pointer, 0, _signal($_[1])) }
sub end      { _tell($_[0]->_pointer, 1, _signal($_[1] // 'TERM')) }
sub stop     { _tell($_[0]->_pointer, 2, 0) }
sub continue { _tell($_[0]->_pointer, 3, 0) }

sub kill {
    my ($self) = @_;
    _tell($self->_pointer, 1, 0) for 1 .. 2;
    return;
}

sub members {
    my ($self) = @_;
    return map {
        { pid => $_->[0], parent => $_->[1], start => $_->[2],
            name => $_->[3] }
    } _members($self->_pointer);
}

sub close {
    my ($self) = @_;
    my $pointer = delete $self->{pointer};
    _free($pointer) if defined $pointer && $self->{owner} == $$;
    return;
}

sub DESTROY {
    local ($?, $@, $!);
    $_[0]->close;
    return;
}

1;

__END__

=encoding utf8

=head1 NAME

Contain - run a command so that everything it starts ends with it

=head1 SYNOPSIS

    use Contain;

    my $group = contain { exec 'make', 'check' };
    $group->wait;
    say $group->guarantee;
    say "left behind: $_->{name}" for $group->leftovers;

    my $other = Contain->spawn([ 'sleep', '600' ], timeout => 10,
        require => 'SIGKILL', stdout => 'pipe');
    print readline $other->stdout;
    $other->end('TERM');
    say $other->wait >> 8;

=head1 DESCRIPTION

A group is a command and all that descends from it, however it forks,
daemonizes or changes its session.  It ends when the command ends, when it is
told to, when its object goes, or when this process ends, whatever kills it.
This is for where C<fork> and L<IO::Pty> are used to that end;
L<libcontain(3)> has the details.

=head1 STARTING

=over

=item contain { ... } OPTIONS

Fork into a group, as C<contain_fork>: the block runs in the child, which has
the limits of one of C<fork>.  When the block returns the child exits with 0,
when it dies with 255; neither END blocks nor destructors are run.  Returns
the group.

=item Contain->spawn([COMMAND, ARG...], OPTIONS)

Start a command.  Returns the group, or dies with one line.

=back

Options: C<backend> (C<auto>, C<pidns>, C<pty>), C<require> (C<SIGHUP>,
C<SIGKILL>), C<timeout>, C<kill_after>, C<linger>, C<grace> (seconds),
C<signal> (that of the timeout), C<directory>, C<environment> (a hash),
C<stdin>, C<stdout>, C<stderr> (C<pipe>, C<null>, for the last C<stdout>, or a
handle), C<fds> (a hash: the command's descriptor to a handle or number here),
C<close_fds> (the command has no other descriptors), C<limits> (a hash:
resource to [soft, hard]), C<details> (leftovers have age and command line).

=head1 METHODS

=over

=item wait([SECONDS])

Wait until nobody of the group is alive: the command's status as in C<$?>, or
nothing if that is not within so many seconds.

=item status, timed_out, elapsed, leftovers

After the end.  leftovers is a list of hashes, of whoever was alive when the
command had ended:

=over

=item pid, parent

As F</proc> inside the group shows them.

=item took

The signal that ended it; 0 if it ended by itself.

=item name

The kernel's name for it.

=item age, command

With the option C<details>, and where the system tells: for how many seconds it
had run, and how its command line starts, with blanks between arguments.  Else
both are undefined.

=back

=item pid, warden, backend, guarantee, reach, mechanism, why_not_better

What is in effect.

=item stdin, stdout, stderr

The other ends of pipes.

=item fd

A descriptor that is readable when C<wait(0)> has news.

=item signal(SIGNAL), end([SIGNAL]), kill, stop, continue

C<end> asks for the end, C<kill> ends all at once; C<stop> and C<continue>
reach every member.

=item members

Who is in the group now: hashes with pid, parent, start and name.

=item close

End what still runs and release everything; done when the object goes, too.

=back

=head1 SEE ALSO

L<contain(1)>, L<libcontain(3)>

=cut
