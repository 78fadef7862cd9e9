# Builds, installs and tests. docs/install.md explains the variables; install.sh does the work.

PREFIX = /usr/local
DESTDIR =
# usr, bin, command or package
LAYOUT = usr
# Anything else that install.sh takes, such as --without-posix-names or --force
OPTIONS =

all:
	cargo build --release --locked --workspace

install:
	./install.sh --prefix '$(PREFIX)' --destdir '$(DESTDIR)' --layout '$(LAYOUT)' $(OPTIONS)

uninstall:
	./install.sh --prefix '$(PREFIX)' --destdir '$(DESTDIR)' --layout '$(LAYOUT)' $(OPTIONS) --uninstall

check:
	./test

.PHONY: all install uninstall check
