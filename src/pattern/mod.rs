//! POSIX regular expressions, fnmatch and glob over bytes, in the C locale.
