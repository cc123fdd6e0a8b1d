#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# command.sh leave|stop [SIGNAL]: a COMMAND for process 1 of a machine that has nothing but its initramfs.
/bin/busybox mount -t devtmpfs devtmpfs /dev
case $1 in
  leave) # a process that only KILL ends
    : >/run/out # which exists before it is looked into, however late the process starts
    /bin/probe stubborn >/run/out &
    until /bin/busybox grep -q ready /run/out; do /bin/busybox usleep 10000; done
    exit 5
    ;;
  stop) # with the number of the signal that comes back, when process 1 is sent this one; by somebody else if by none
    trap 'exit 15' TERM
    trap 'exit 2' INT
    # For a wait that a signal ends at once.
    /bin/busybox sleep 1000 &
    if [ "$2" ]; then kill "-$2" 1; else echo ready; fi
    wait
    ;;
esac
