extension PlayerCursor {
    /// A jump ahead of a player that fell behind.
    package struct Skip: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            case queueBytes
            case queueTime
            /// The window no longer held what came next.
            case window
        }

        package var reason: Reason
        /// Frames passed over by this jump. Those that pass while it waits for a keyframe come on
        /// top in `skippedVideo` and `skippedAudio`.
        package var videoFrames: UInt64
        package var audioFrames: UInt64

        package init(reason: Reason, videoFrames: UInt64, audioFrames: UInt64) {
            self.reason = reason
            self.videoFrames = videoFrames
            self.audioFrames = audioFrames
        }
    }
}
