#!/bin/bash
# Boots systemd as process 1 of new namespaces: `unshare … boot-systemd.sh UNITS FROM:TO…`, as BootedSystemd does it.
# systemd believes that the machine is its own. Debian's units empty /tmp, set kernel parameters and load modules at
# boot, so it sees no unit but those in UNITS, and nothing that it could change: every file system that it can write to
# is made here and goes away with the namespace. Any step that fails ends the boot before systemd is started.
set -eu
units=$1
shift

[ "$$" = 1 ] || { echo "not process 1 of a new namespace"; exit 1; }
mount --make-rprivate /

# In this namespace alone: ProtectSystem=strict trips over mounts that others cover.
for folder in /dev /sys/fs/cgroup; do
  findmnt -rn -o TARGET | grep "^$folder/" | sort -r | while read -r target; do umount "$target"; done
done
if findmnt --mountpoint /sys/fs/cgroup >/dev/null; then umount /sys/fs/cgroup; fi

# The folders FROM are visible as TO, read-only, although they may lie in /tmp.
mount -t tmpfs -o mode=755 rig /run
mkdir -p /run/systemd/system /run/lock /run/rig
cp "$units"/* /run/systemd/system/
count=0
for folder in "$@"; do
  mkdir "/run/rig/$count"
  mount --bind "${folder%%:*}" "/run/rig/$count"
  mount -o remount,bind,ro "/run/rig/$count"
  count=$((count + 1))
done

mkdir /run/rig/dev
mount -t tmpfs -o mode=755 rig /run/rig/dev
for node in null zero full random urandom tty; do
  touch "/run/rig/dev/$node"
  mount --bind "/dev/$node" "/run/rig/dev/$node"
done
mkdir /run/rig/dev/shm /run/rig/dev/pts
ln -s /proc/self/fd /run/rig/dev/fd
# PrivateDevices= looks for it.
ln -s pts/ptmx /run/rig/dev/ptmx
mount --move /run/rig/dev /dev

for folder in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o mode=1777 rig "$folder"; done
for folder in /srv /var/log /var/lib /var/cache; do
  if [ -d "$folder" ]; then mount -t tmpfs -o mode=755 rig "$folder"; fi
done
count=0
for folder in "$@"; do
  mkdir -p "${folder##*:}"
  mount --move "/run/rig/$count" "${folder##*:}"
  count=$((count + 1))
done

# Every mount of the machine, not the first one alone; a path with a blank comes with \040 and ends the boot.
findmnt -rn -o TARGET,SOURCE,FSTYPE | while read -r target source type; do
  # What the machine has below /dev is covered by ours.
  case "$target:$source:$type" in /dev* | /proc:* | *:rig:* | *:cgroup*) continue ;; esac
  [ "$(findmnt -n -o SOURCE --mountpoint "$target" | tail -1)" = rig ] || mount -o remount,bind,ro "$target"
done
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount -o remount,bind,ro /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup

for folder in /tmp /var/tmp /run /dev /dev/shm /srv /var/lib; do
  [ "$(findmnt -n -o SOURCE --mountpoint "$folder" | tail -1)" = rig ] || { echo "$folder is not private"; exit 1; }
done
if touch /etc/rig-probe 2>/dev/null; then
  rm /etc/rig-probe
  echo "/etc can be written to"
  exit 1
fi

exec env -i container=gunicorn-test PATH="$PATH" SYSTEMD_UNIT_PATH=/run/systemd/system \
  /lib/systemd/systemd --system --log-target=console --log-level=info --show-status=0 --unit=basic.target
