//! The functions that compiled code expects of a C library, and the stubs that the
//! prebuilt `alloc` names in unoptimised builds.
//!
//! # Safety
//!
//! Each is called with what C's function of the same name is called with. The loops are
//! written in assembly where the compiler would turn them into calls of themselves.
//! A test calls them beside the C library's, so there they do not bear its names.
#![allow(unsafe_code)]

use core::arch::asm;
use core::ffi::c_int;

/// # Safety
/// As C's `memcpy`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for both ranges.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") length => _,
            inout("rdi") to => _,
            inout("rsi") from => _,
            options(nostack, preserves_flags)
        );
    }
    to
}

/// # Safety
/// As C's `memmove`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    if (to as usize).wrapping_sub(from as usize) >= length {
        // SAFETY: forward is right where `to` does not begin inside `from`.
        return unsafe { memcpy(to, from, length) };
    }
    // SAFETY: backward is right otherwise; the direction is put back for the rest of the program.
    unsafe {
        asm!(
            "std",
            "rep movsb",
            "cld",
            inout("rcx") length => _,
            inout("rdi") to.add(length).wrapping_sub(1) => _,
            inout("rsi") from.add(length).wrapping_sub(1) => _,
            options(nostack)
        );
    }
    to
}

/// # Safety
/// As C's `memset`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn memset(to: *mut u8, byte: c_int, length: usize) -> *mut u8 {
    // SAFETY: the caller vouches for the range.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") length => _,
            inout("rdi") to => _,
            in("al") byte as u8,
            options(nostack, preserves_flags)
        );
    }
    to
}

/// # Safety
/// As C's `memcmp`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, length: usize) -> c_int {
    for place in 0..length {
        // SAFETY: the caller vouches for both ranges.
        let (left, right) = unsafe { (*left.add(place), *right.add(place)) };
        if left != right {
            return c_int::from(left) - c_int::from(right);
        }
    }
    0
}

/// # Safety
/// As C's `bcmp`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, length: usize) -> c_int {
    // SAFETY: passed on to the caller.
    unsafe { memcmp(left, right, length) }
}

/// # Safety
/// As C's `strlen`.
#[cfg_attr(not(test), unsafe(no_mangle))]
pub unsafe extern "C" fn strlen(string: *const u8) -> usize {
    let length: usize;
    // SAFETY: aligned reads of 16 bytes stay inside the page that holds the string's end.
    // What stands before the string in the first of them is shifted away.
    unsafe {
        asm!(
            "pxor xmm0, xmm0",
            "mov rax, rdi",
            "and rax, -16",
            "mov ecx, edi",
            "and ecx, 15",
            "movdqa xmm1, [rax]",
            "pcmpeqb xmm1, xmm0",
            "pmovmskb edx, xmm1",
            "shr edx, cl",
            "shl edx, cl",
            "2:",
            "test edx, edx",
            "jnz 3f",
            "add rax, 16",
            "movdqa xmm1, [rax]",
            "pcmpeqb xmm1, xmm0",
            "pmovmskb edx, xmm1",
            "jmp 2b",
            "3:",
            "bsf edx, edx",
            "add rax, rdx",
            "sub rax, rdi",
            in("rdi") string,
            out("rax") length,
            out("rcx") _,
            out("rdx") _,
            out("xmm0") _,
            out("xmm1") _,
            options(nostack, readonly)
        );
    }
    length
}

/// Named by unwinding tables; nothing unwinds here.
#[cfg(not(test))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// Named by landing pads; nothing unwinds here.
#[cfg(not(test))]
#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume(_: *mut core::ffi::c_void) -> ! {
    execline::sys::process::exit(111)
}
