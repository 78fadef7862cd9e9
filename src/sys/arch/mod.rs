//! What differs from one processor to the next: a file each.

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub(super) use x86_64::clone_and_call;

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
compile_error!(
    "execline is written for Linux on x86_64. Another processor needs a file beside \
     src/sys/arch/x86_64.rs and one beside src/bin/execline/start/x86_64.rs."
);
