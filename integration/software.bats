# SPDX-License-Identifier: MIT
# Programs as they are, in the host's own tree: nothing is made for them but what is typed.

bats_require_minimum_version 1.5.0
load helpers

setup_file() { open_workshop; }

setup() {
  cd "$BATS_TEST_TMPDIR" || return
  chmod 755 .
}

@test "python starts threads and processes" {
  cat >try.py <<'END'
import json, subprocess, threading
seen = []
thread = threading.Thread(target=lambda: seen.append(subprocess.check_output(["id", "-u"], text=True).strip()))
thread.start()
thread.join()
print(json.dumps(seen))
END
  run "$CARDBOARD" --isolate --root / --volume "$PWD/try.py:/run/try.py:ro" -- /usr/bin/python3 /run/try.py
  assert_equal "$output" '["0"]'
}

@test "nginx serves, and its workers end with it" {
  needs nginx
  cat >nginx.conf <<'END'
user root; daemon off; pid /run/nginx.pid; error_log /run/error.log;
events { worker_connections 32; }
http {
  access_log off;
  client_body_temp_path /run/b; proxy_temp_path /run/p; fastcgi_temp_path /run/f; uwsgi_temp_path /run/u;
  scgi_temp_path /run/s;
  server { listen 127.0.0.1:8080; location / { return 200 "served\n"; } }
}
END
  cat >try.sh <<'END'
nginx -c /run/try/nginx.conf &
until /run/busybox wget -q -O- http://127.0.0.1:8080/ 2>/dev/null; do sleep 0.1; done
nginx -c /run/try/nginx.conf -s quit 2>/dev/null
wait $!
echo "ended with $?"
END
  run timeout 20 "$CARDBOARD" --isolate --root / --volume "$PWD:/run/try:ro" \
    --volume "$BUSYBOX:/run/busybox:ro,exec" -- sh /run/try/try.sh
  assert_equal "$output" $'served\nended with 0'
}

@test "redis keeps what it is told" {
  needs redis-server
  cat >try.sh <<'END'
redis-server --port 0 --unixsocket /tmp/socket --save "" --dir /tmp >/tmp/log &
until redis-cli -s /tmp/socket set key 42 2>/dev/null; do sleep 0.1; done
redis-cli -s /tmp/socket get key
redis-cli -s /tmp/socket shutdown
wait $!
echo "ended with $?"
END
  run timeout 20 "$CARDBOARD" --isolate --root / --memory 256m --volume "$PWD:/run/try:ro" -- sh /run/try/try.sh
  assert_equal "$output" $'OK\n42\nended with 0'
}
