#!/bin/sh
# Makes docker/secrets once: random passwords, and the addresses that hold them. Never overwrites.
set -eu
umask 077
cd "$(dirname "$0")"
if [ -e secrets ]; then
  echo "docker/secrets exists already; it is left alone." >&2
  exit 1
fi
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
mkdir secrets
random > secrets/secret_key
password="$(random)"
printf '%s' "$password" > secrets/postgres_password
printf 'postgres://hepastage:%s@postgres:5432/hepastage' "$password" > secrets/database_url
password="$(random)"
printf 'redis://:%s@redis:6379/0' "$password" > secrets/redis_url
cat > secrets/redis_conf <<END
requirepass $password
appendonly yes
appendfsync everysec
save ""
dir /data
maxmemory-policy noeviction
protected-mode yes
END
# The containers run as other users than you and are handed single files; nobody else gets into the folder.
chmod 0444 secrets/*
chmod 0700 secrets
echo "Made docker/secrets. Keep a copy of secret_key apart from the backups."
