#!/usr/bin/env perl
# runner.pl [JOBS [SECONDS]] <COMMANDS: as runner.c, in Perl with select.
use 5.010;
use strict;
use warnings;
use Contain;

my $most    = $ARGV[0] // 4;
my $timeout = $ARGV[1] // 0;
my (%running, $wrong);

sub report {
    my ($line, $group) = @_;
    my $what = $group->timed_out ? 'timed out'
        : $group->status         ? 'failed'
        : $group->leftovers      ? 'leaked'
        :                          'ok';
    $wrong ||= $what ne 'ok';
    printf "%-9s %6d ms  %s\n", $what, $group->elapsed * 1000, $line;
    printf "          left behind: %s (%d)\n", @$_{qw(name pid)}
        for $group->leftovers;
}

# Wait for news, and report those that have ended.
sub reap {
    my $bits = '';
    vec($bits, $_, 1) = 1 for keys %running;
    select $bits, undef, undef, undef;
    for my $fd (grep { vec $bits, $_, 1 } keys %running) {
        my ($line, $group) = @{ $running{$fd} };
        next unless defined $group->wait(0);
        report($line, $group);
        delete $running{$fd};
    }
}

while (my $line = <STDIN>) {
    chomp $line;
    my $group = Contain->spawn([ 'sh', '-c', $line ], stdin => 'null',
        timeout => $timeout);
    $running{ $group->fd } = [ $line, $group ];
    reap() while keys %running >= $most;
}
reap() while %running;
exit($wrong ? 1 : 0);
