import CPosix

/// Asks the processor for `bytes` of memory that will be changed soon.
///
/// For loops over many objects that are not in its cache: while one is dealt with, the next comes.
package func prefetch(_ start: UnsafeRawPointer, bytes: Int) {
    for offset in stride(from: 0, to: bytes, by: 64) { cposix_prefetch(start + offset) }
}
