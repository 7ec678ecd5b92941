#!/bin/bash
# slurm.sh -- a cluster of two machines that are this one, for tests
#
# usage: tests/slurm.sh directory
#
# munged, slurmctld and two slurmd, from Debian's packages and without systemd, on
# ports that are free and in a directory of their own, beside any others.  It says
# "ready" when jobs can be submitted with SLURM_CONF=directory/slurm.conf, and stops
# all of it, with the jobs, when its standard input ends, as it does when who holds
# it is gone, or on a signal.  It has to be root.
set -eu

[ $# -eq 1 ] || { echo "usage: slurm.sh directory" >&2; exit 2; }
mkdir -p "$1/state"
work=$(realpath "$1")
host=$(uname -n)
host=${host%%.*}
export SLURM_CONF=$work/slurm.conf
export PATH=$PATH:/usr/sbin
daemons=()

is_job() { # is this process of a job of ours?
	local its
	its=$({ tr '\0' '\n' <"/proc/$1/environ"; } 2>/dev/null | sort) || :
	[[ $its == *"SLURM_CONF=$SLURM_CONF"* ]] && { [[ $its == *SLURM_JOB_ID=* ]] ||
		[ "$(cat "/proc/$1/comm" 2>/dev/null)" = slurmstepd ]; }
}

until_then() { # at most so many tenths of a second, a command to succeed
	local i
	for ((i = 0; i < $1; i++)); do
		! "${@:2}" || return 0
		sleep 0.1
	done
	return 1
}

is_empty() { [ -z "$(timeout 5 squeue -h 2>/dev/null)" ]; }

all_gone() { [ -z "$(jobs -rp)" ]; }

# What has started us may have taken the directory away.
finish() {
	local i pid
	trap '' TERM INT HUP
	[ ! -e "$SLURM_CONF" ] || timeout 5 scancel -u root 2>/dev/null || :
	until_then 100 is_empty || :
	for ((i = ${#daemons[@]}; i-- > 0; )); do
		kill "${daemons[i]}" 2>/dev/null || :
	done
	until_then 50 all_gone || kill -KILL "${daemons[@]}" 2>/dev/null || :
	for pid in /proc/[0-9]*; do
		! is_job "${pid#/proc/}" || kill -KILL "${pid#/proc/}" || :
	done
	wait || :
}
trap finish EXIT
trap 'exit 143' TERM INT HUP

ports() { # three that nobody has
	perl -MIO::Socket::INET -e 'for (1 .. 3) {
		push @all, IO::Socket::INET->new(Listen => 1, LocalPort => 0) // die;
		print $all[-1]->sockport, "\n" }'
}

daemon() { # a program in the foreground
	"$@" >>"$work/log" 2>&1 </dev/null &
	daemons+=($!)
}

until_it() { # is so, for a minute at most
	until_then 600 "$@" || {
		cat "$work"/*log >&2
		echo "slurm.sh: never: $*" >&2
		exit 1
	}
}

credible() { munge -S "$work/munge" -n >/dev/null 2>&1; }

idle() { [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ]; }

chmod 755 "$work"
head -c 1024 /dev/urandom >"$work/key"
chmod 600 "$work/key"
mapfile -t port < <(ports)
cat >"$SLURM_CONF" <<END
ClusterName=tests
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${port[0]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
MaxArraySize=11
FirstJobId=99995
MinJobAge=7200
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
KillWait=5
CommunicationParameters=NoAddrCache
NodeName=n[1-2] NodeHostname=$host NodeAddr=127.0.0.1 Port=[${port[1]},${port[2]}] CPUs=2 RealMemory=100
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
PartitionName=all Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=n[1-2] MaxTime=INFINITE State=UP PriorityTier=2 PreemptMode=OFF
END
mkdir "$work/n1" "$work/n2"
daemon munged --force --foreground --socket="$work/munge" \
	--key-file="$work/key" --pid-file="$work/munged.pid" \
	--log-file="$work/munged.log" --seed-file="$work/seed"
until_it credible
daemon slurmctld -D
daemon slurmd -D -N n1
daemon slurmd -D -N n2
until_it idle
echo ready
while read -r _; do :; done
