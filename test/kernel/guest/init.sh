#!/bin/busybox sh
# First program of the guest: modules, the machine's own files over 9p (read-only) under a layer in memory, then start.sh on it.
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
$b mount -t devtmpfs dev /dev
for module in /modules/*; do
  case $module in
    # One controller a simulated device, so that each is plugged and unplugged alone.
    *dummy_hcd*) $b insmod "$module" num=16 ;;
    *) $b insmod "$module" ;;
  esac || echo "#note module $module"
done
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro root /lower || echo "#note no root"
$b mount -t tmpfs tmpfs /rw
$b mkdir /rw/upper /rw/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/rw/upper,workdir=/rw/work overlay /root
. /job.sh
for folder in proc sys dev; do $b mkdir -p /root/$folder; $b mount --move /$folder /root/$folder; done
exec $b switch_root /root /bin/sh "$start" "$project" "$compiled" "$@"
