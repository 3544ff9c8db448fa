import Glibc

extension PosixError {
    /// The peer is gone without goodbye.
    package var isReset: Bool { code == ECONNRESET || code == EPIPE }

    /// A pipe or a device, where nothing stands at an offset.
    package var hasNoOffsets: Bool { code == ESPIPE || code == EINVAL }

    /// The process or the system has no descriptor left.
    package var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }
}
