"""What imagechat promises, played from outside: a real server process, real clients, real screens."""
