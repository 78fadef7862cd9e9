//! Programs that put themselves in the background, with the words that keep them in front, and
//! programs that do so only when they are told to.
//!
//! Programs that always stay, or of which it is not certain, are left out. What a word means to
//! one is in its own manual.

use super::daemon::Daemon;
use super::daemon::Sign::{self, Letter, Pair, Text, Word};

/// A program that detaches unless one of these is said.
const fn detaches(name: &'static str, foreground: &'static [Sign]) -> Daemon {
    Daemon {
        name,
        detaches: true,
        foreground,
        background: &[],
        errands: &[],
        setting: None,
    }
}

/// A program that stays in front unless one of these is said.
const fn stays(name: &'static str, background: &'static [Sign]) -> Daemon {
    Daemon {
        name,
        detaches: false,
        foreground: &[],
        background,
        errands: &[],
        setting: None,
    }
}

impl Daemon {
    const fn errands(mut self, errands: &'static [Sign]) -> Daemon {
        self.errands = errands;
        self
    }

    const fn unless(mut self, foreground: &'static [Sign]) -> Daemon {
        self.foreground = foreground;
        self
    }

    const fn setting(mut self, setting: &'static str) -> Daemon {
        self.setting = Some(setting);
        self
    }
}

const APACHE: &[Sign] = &[
    Word("-DFOREGROUND"),
    Word("FOREGROUND"),
    Word("-DNO_DETACH"),
    Word("NO_DETACH"),
    Word("-X"),
];
const APACHE_ERRANDS: &[Sign] = &[
    Letter(b't'),
    Letter(b'v'),
    Letter(b'V'),
    Letter(b'l'),
    Letter(b'L'),
    Letter(b'S'),
    Letter(b'M'),
    Word("configtest"),
    Word("stop"),
    Word("graceful"),
    Word("graceful-stop"),
    Word("restart"),
];
const CRON: &[Sign] = &[Letter(b'f'), Letter(b'n'), Letter(b'x'), Letter(b'd')];
const F: &[Sign] = &[Letter(b'f'), Word("--foreground")];
const CAPITAL_F: &[Sign] = &[Letter(b'F'), Word("--foreground")];
const F_OR_D: &[Sign] = &[Letter(b'f'), Letter(b'd'), Word("--foreground")];
const N: &[Sign] = &[Letter(b'n'), Word("--nodaemon")];
const SAMBA: &[Sign] = &[
    Letter(b'F'),
    Word("--foreground"),
    Letter(b'i'),
    Word("--interactive"),
];
const DAEMON: &[Sign] = &[Word("-d"), Word("--daemon")];
const REDIS: &[Sign] = &[Pair("--daemonize", "yes"), Word("--daemonize=yes")];
const START: &[Sign] = &[Word("start")];

/// All of them, by name.
pub(super) const DAEMONS: &[Daemon] = &[
    detaches("acpid", F_OR_D),
    stays("activemq", START).unless(&[Word("console")]),
    detaches("apache", APACHE).errands(APACHE_ERRANDS),
    detaches("apache2", APACHE).errands(APACHE_ERRANDS),
    detaches("apache2ctl", APACHE).errands(APACHE_ERRANDS),
    detaches("apachectl", APACHE).errands(APACHE_ERRANDS),
    detaches(
        "asterisk",
        &[Letter(b'f'), Letter(b'c'), Letter(b'd'), Letter(b'v')],
    )
    .errands(&[Letter(b'r'), Letter(b'R'), Letter(b'x'), Letter(b'V')]),
    detaches("atd", F_OR_D),
    detaches("automount", F),
    stays("avahi-daemon", &[Word("-D"), Word("--daemonize")]),
    detaches("bird", F_OR_D).errands(&[Letter(b'p')]),
    stays("caddy", START),
    detaches("cassandra", &[Letter(b'f')]),
    detaches("chronyd", &[Letter(b'd'), Letter(b'n')]).errands(&[
        Letter(b'q'),
        Letter(b'Q'),
        Letter(b'p'),
        Letter(b'v'),
    ]),
    detaches("clamd", CAPITAL_F).setting("`Foreground yes` in clamd.conf"),
    detaches("collectd", &[Letter(b'f')]).errands(&[Letter(b't'), Letter(b'T')]),
    detaches(
        "connmand",
        &[Letter(b'n'), Word("--nodaemon"), Letter(b'd')],
    ),
    stays("conntrackd", &[Word("-d")]),
    detaches("cron", CRON),
    detaches("crond", CRON),
    detaches("cupsd", &[Letter(b'f'), Letter(b'F')]).errands(&[Letter(b't')]),
    stays("darkhttpd", &[Word("--daemon")]),
    // The configuration of the system's bus says that it forks, that of a session's does not.
    stays("dbus-daemon", &[Word("--fork"), Word("--system")]).unless(&[Word("--nofork")]),
    stays("ddclient", &[Word("-daemon"), Word("--daemon")])
        .unless(&[Word("-foreground"), Word("--foreground")]),
    detaches("dhclient", &[Letter(b'd')]).errands(&[Letter(b'r'), Letter(b'x')]),
    detaches("dhcpcd", &[Letter(b'B'), Word("--nobackground")]).errands(&[
        Letter(b'k'),
        Letter(b'x'),
        Letter(b'T'),
        Letter(b'U'),
        Letter(b'V'),
    ]),
    detaches("dhcpd", F_OR_D).errands(&[Letter(b't'), Letter(b'T')]),
    detaches("dhcrelay", &[Letter(b'd')]),
    detaches(
        "dnsmasq",
        &[
            Letter(b'k'),
            Word("--keep-in-foreground"),
            Letter(b'd'),
            Word("--no-daemon"),
        ],
    )
    .errands(&[Word("--test"), Letter(b'v'), Letter(b'w')])
    .setting("`keep-in-foreground` in dnsmasq.conf"),
    detaches("dovecot", &[Letter(b'F')]).errands(&[
        Letter(b'n'),
        Letter(b'a'),
        Word("stop"),
        Word("reload"),
    ]),
    detaches("dropbear", &[Letter(b'F'), Letter(b'i')]).errands(&[Letter(b'V'), Letter(b'h')]),
    stays("elasticsearch", &[Word("-d"), Word("--daemonize")]),
    stays("elogind", &[Word("-D"), Word("--daemon")]),
    stays("epmd", &[Word("-daemon")]),
    stays("exim", &[Word("-bd")]).unless(&[Word("-bdf")]),
    detaches("fail2ban-server", &[Letter(b'f')]).errands(&[
        Letter(b'V'),
        Letter(b't'),
        Letter(b'd'),
    ]),
    detaches("firewalld", &[Word("--nofork")]),
    stays("freeswitch", &[Word("-nc")]).unless(&[Word("-nf")]),
    stays("freshclam", DAEMON)
        .unless(CAPITAL_F)
        .setting("`Foreground yes` in freshclam.conf"),
    detaches("ganesha.nfsd", &[Letter(b'F')]),
    detaches("glusterd", &[Letter(b'N'), Word("--no-daemon")]),
    detaches("gpsd", &[Letter(b'N'), Word("--foreground")]),
    stays("gunicorn", &[Word("-D"), Word("--daemon")]),
    stays("haproxy", &[Word("-D")])
        .unless(&[Word("-db"), Word("-Ws")])
        .errands(&[Letter(b'c')]),
    detaches("haveged", &[Letter(b'F'), Word("--Foreground")]),
    stays("hostapd", &[Word("-B")]),
    // Of busybox, it is -f; of Apache, that names a configuration file.
    detaches(
        "httpd",
        &[
            Word("-DFOREGROUND"),
            Word("FOREGROUND"),
            Word("-DNO_DETACH"),
            Word("NO_DETACH"),
            Word("-X"),
            Letter(b'f'),
            Letter(b'i'),
        ],
    )
    .errands(APACHE_ERRANDS),
    detaches("inadyn", &[Letter(b'n'), Word("--foreground")]).errands(&[
        Letter(b'1'),
        Word("--once"),
        Word("--check-config"),
    ]),
    detaches("inetd", &[Letter(b'f'), Letter(b'd')]),
    detaches("inspircd", &[Word("--nofork")]),
    detaches("irqbalance", &[Letter(b'f'), Word("--foreground")])
        .errands(&[Letter(b'o'), Word("--oneshot")]),
    detaches("iscsid", &[Letter(b'f'), Word("--foreground")]),
    stays("kafka-server-start.sh", &[Word("-daemon")]),
    detaches("kamailio", &[Letter(b'D')]).errands(&[Letter(b'c'), Letter(b'V')]),
    detaches("keepalived", &[Letter(b'n'), Word("--dont-fork")]).errands(&[
        Letter(b't'),
        Word("--config-test"),
        Letter(b'v'),
    ]),
    detaches("klogd", &[Letter(b'n'), Letter(b'F')]),
    detaches("lighttpd", &[Letter(b'D')]).errands(&[
        Letter(b't'),
        Letter(b'v'),
        Letter(b'V'),
        Letter(b'p'),
        Letter(b'1'),
    ]),
    detaches("lircd", N),
    detaches("lldpd", &[Letter(b'd')]),
    stays("memcached", DAEMON),
    detaches("minidlnad", &[Letter(b'S'), Letter(b'd')]).errands(&[Letter(b'V')]),
    detaches("miniupnpd", &[Letter(b'd')]),
    stays("mongod", &[Word("--fork")]),
    stays("mongos", &[Word("--fork")]),
    stays("monit", &[Word("-d")]).unless(&[Letter(b'I')]),
    stays("mosquitto", DAEMON),
    detaches("mpd", &[Word("--no-daemon"), Word("--systemd")])
        .errands(&[Word("--kill"), Letter(b'V')]),
    detaches("multipathd", &[Letter(b'd'), Letter(b's')]).errands(&[Letter(b'k')]),
    detaches("mumble-server", &[Word("-fg")]),
    detaches("munin-node", &[Word("--foreground")]),
    detaches("murmurd", &[Word("-fg")]),
    stays("mysqld", &[Word("-D"), Word("--daemonize")]),
    stays("nagios", DAEMON).errands(&[Letter(b'v')]),
    detaches("named", &[Letter(b'f'), Letter(b'g')]).errands(&[Letter(b'v'), Letter(b'V')]),
    stays("neo4j", START).unless(&[Word("console")]),
    detaches(
        "NetworkManager",
        &[
            Letter(b'n'),
            Word("--no-daemon"),
            Letter(b'd'),
            Word("--debug"),
        ],
    )
    .errands(&[Letter(b'V'), Word("--print-config")]),
    detaches("nginx", &[Text("daemon off")])
        .errands(&[
            Letter(b't'),
            Letter(b'T'),
            Letter(b's'),
            Letter(b'v'),
            Letter(b'V'),
            Letter(b'h'),
            Letter(b'?'),
        ])
        .setting("`daemon off;` in nginx.conf"),
    detaches("ngircd", N).errands(&[Letter(b't'), Word("--configtest")]),
    detaches("nmbd", SAMBA).errands(&[Letter(b'b'), Letter(b'V')]),
    stays("nrpe", &[Word("-d")]).unless(&[Letter(b'f'), Letter(b'i')]),
    detaches(
        "nscd",
        &[
            Letter(b'F'),
            Word("--foreground"),
            Letter(b'd'),
            Word("--debug"),
        ],
    )
    .errands(&[Letter(b'K'), Letter(b'g'), Letter(b'i')]),
    detaches("nsd", &[Letter(b'd')]).errands(&[Letter(b'v'), Letter(b'h')]),
    detaches(
        "nslcd",
        &[
            Letter(b'n'),
            Word("--nofork"),
            Letter(b'd'),
            Word("--debug"),
        ],
    ),
    detaches("ntpd", &[Letter(b'n'), Word("--nofork"), Letter(b'd')]).errands(&[
        Letter(b'q'),
        Word("--quit"),
        Letter(b'w'),
    ]),
    detaches("opendkim", &[Letter(b'f')])
        .errands(&[Letter(b'n'), Letter(b't'), Letter(b'V')])
        .setting("`Background no` in opendkim.conf"),
    detaches("openresty", &[Text("daemon off")])
        .errands(&[
            Letter(b't'),
            Letter(b'T'),
            Letter(b's'),
            Letter(b'v'),
            Letter(b'V'),
        ])
        .setting("`daemon off;` in nginx.conf"),
    stays("openvpn", &[Word("--daemon")]),
    stays("pdns_server", &[Word("--daemon"), Word("--daemon=yes")]).unless(&[Word("--daemon=no")]),
    stays("pg_ctl", START),
    stays("pgbouncer", DAEMON),
    detaches("pgpool", &[Letter(b'n')]).errands(&[Word("stop"), Word("reload")]),
    detaches("php-fpm", &[Letter(b'F'), Word("--nodaemonize")])
        .errands(&[
            Letter(b't'),
            Letter(b'v'),
            Letter(b'i'),
            Letter(b'm'),
            Letter(b'h'),
        ])
        .setting("`daemonize = no` in php-fpm.conf"),
    stays("pm2", START).unless(&[Word("--no-daemon"), Word("--attach")]),
    stays("postfix", START).unless(&[Word("start-fg")]),
    detaches("pppd", &[Word("nodetach")]).setting("`nodetach` in the file of options"),
    detaches("privoxy", &[Word("--no-daemon")]),
    detaches("proftpd", &[Letter(b'n'), Word("--nodaemon")]).errands(&[
        Letter(b't'),
        Word("--configtest"),
        Letter(b'v'),
        Letter(b'l'),
    ]),
    stays(
        "pulseaudio",
        &[Word("-D"), Word("--start"), Word("--daemonize=yes")],
    ),
    stays("pure-ftpd", &[Word("-B"), Word("--daemonize")]),
    stays("rabbitmq-server", &[Word("-detached")]),
    detaches("racoon", &[Letter(b'F')]),
    detaches("radvd", &[Letter(b'n'), Word("--nodaemon")]).errands(&[Letter(b'c'), Letter(b'v')]),
    stays("redis-sentinel", REDIS),
    stays("redis-server", REDIS),
    detaches("rngd", F).errands(&[Letter(b'l'), Letter(b'v')]),
    detaches("rpc.idmapd", &[Letter(b'f')]),
    detaches("rpc.mountd", CAPITAL_F),
    detaches("rpc.statd", CAPITAL_F),
    detaches("rpcbind", F_OR_D),
    stays("rsync", &[Word("--daemon")]).unless(&[Word("--no-detach")]),
    detaches("rsyslogd", &[Letter(b'n'), Letter(b'd')]).errands(&[Letter(b'N'), Letter(b'v')]),
    stays("salt-master", DAEMON),
    stays("salt-minion", DAEMON),
    detaches("samba", SAMBA).errands(&[Letter(b'b'), Letter(b'V')]),
    detaches("ser2net", &[Letter(b'n'), Letter(b'd')]),
    stays("shairport-sync", DAEMON),
    detaches("slapd", &[Letter(b'd')]).errands(&[Letter(b'T'), Letter(b'V')]),
    detaches(
        "smartd",
        &[
            Letter(b'n'),
            Word("--no-fork"),
            Letter(b'd'),
            Word("--debug"),
        ],
    )
    .errands(&[Letter(b'q'), Letter(b'V')]),
    detaches("smbd", SAMBA).errands(&[Letter(b'b'), Letter(b'V')]),
    detaches("smtpd", &[Letter(b'd'), Letter(b'F')]).errands(&[Letter(b'n')]),
    detaches("snmpd", &[Letter(b'f')]).errands(&[Letter(b'v'), Letter(b'h'), Letter(b'H')]),
    detaches("snmptrapd", &[Letter(b'f')]).errands(&[Letter(b'v'), Letter(b'h'), Letter(b'H')]),
    stays("sockd", &[Word("-D")]),
    stays("spamd", &[Word("-d"), Word("--daemonize")]),
    detaches("squid", &[Letter(b'N'), Word("--foreground")]).errands(&[
        Letter(b'z'),
        Letter(b'k'),
        Letter(b'v'),
    ]),
    detaches("sshd", &[Letter(b'D'), Letter(b'd'), Letter(b'i')]).errands(&[
        Letter(b't'),
        Letter(b'T'),
        Letter(b'V'),
        Letter(b'G'),
    ]),
    detaches("sssd", &[Letter(b'i'), Word("--interactive")]),
    detaches("stunnel", &[]).setting("`foreground = yes` in stunnel.conf"),
    detaches("supervisord", N)
        .errands(&[Letter(b'v')])
        .setting("`nodaemon=true` in supervisord.conf"),
    stays("svnserve", &[Word("-d"), Word("--daemon")]).unless(&[Word("--foreground")]),
    detaches("syslog-ng", CAPITAL_F).errands(&[Letter(b's'), Letter(b'V')]),
    detaches(
        "syslogd",
        &[
            Letter(b'n'),
            Word("--no-detach"),
            Letter(b'F'),
            Letter(b'd'),
        ],
    ),
    detaches("telnetd", &[Letter(b'F'), Letter(b'i')]),
    detaches("thttpd", &[Letter(b'D')]).errands(&[Letter(b'V')]),
    detaches("tigervncserver", &[Word("-fg")]).errands(&[Word("-kill"), Word("-list")]),
    detaches("tincd", &[Letter(b'D'), Word("--no-detach")]).errands(&[
        Letter(b'k'),
        Word("--kill"),
        Letter(b'K'),
    ]),
    detaches("tinyproxy", &[Letter(b'd')]).errands(&[Letter(b'v'), Letter(b'h')]),
    stays(
        "tor",
        &[Pair("--RunAsDaemon", "1"), Pair("RunAsDaemon", "1")],
    ),
    detaches("transmission-daemon", &[Letter(b'f'), Word("--foreground")]).errands(&[
        Letter(b'd'),
        Word("--dump-settings"),
        Letter(b'V'),
    ]),
    stays("turnserver", &[Word("-o"), Word("--daemon")]),
    detaches("udhcpc", &[Letter(b'f'), Word("--foreground")])
        .errands(&[Letter(b'q'), Word("--quit")]),
    detaches("udhcpd", &[Letter(b'f')]),
    stays("ulogd", DAEMON),
    detaches("unbound", &[Letter(b'd')])
        .errands(&[Letter(b'V'), Letter(b'h')])
        .setting("`do-daemonize: no` in unbound.conf"),
    detaches("usbmuxd", F),
    stays("uwsgi", &[Word("-d"), Word("--daemonize")]),
    stays("valkey-server", REDIS),
    detaches("varnishd", &[Letter(b'F'), Letter(b'd')]).errands(&[
        Letter(b'C'),
        Letter(b'V'),
        Letter(b'x'),
    ]),
    detaches("vncserver", &[Word("-fg")]).errands(&[Word("-kill"), Word("-list")]),
    detaches("winbindd", SAMBA).errands(&[Letter(b'b'), Letter(b'V')]),
    stays("wpa_supplicant", &[Word("-B")]),
    stays("x11vnc", &[Word("-bg")]),
    detaches("xinetd", &[Word("-dontfork"), Word("-d")]),
    detaches("xl2tpd", &[Letter(b'D')]),
    detaches("xrdp", N).errands(&[Letter(b'k'), Word("--kill"), Letter(b'h'), Letter(b'v')]),
    detaches("xrdp-sesman", N).errands(&[Letter(b'k'), Word("--kill"), Letter(b'h'), Letter(b'v')]),
    detaches("zabbix_agentd", F).errands(&[
        Letter(b't'),
        Letter(b'p'),
        Letter(b'R'),
        Letter(b'T'),
        Letter(b'V'),
    ]),
    detaches("zabbix_proxy", F).errands(&[Letter(b'R'), Letter(b'T'), Letter(b'V')]),
    detaches("zabbix_server", F).errands(&[Letter(b'R'), Letter(b'T'), Letter(b'V')]),
    stays("zebra", DAEMON),
    stays("zkServer.sh", START).unless(&[Word("start-foreground")]),
    detaches(
        "znc",
        &[
            Letter(b'f'),
            Word("--foreground"),
            Letter(b'D'),
            Word("--debug"),
        ],
    )
    .errands(&[
        Letter(b'c'),
        Letter(b's'),
        Letter(b'p'),
        Word("--makeconf"),
        Word("--makepass"),
    ]),
];
