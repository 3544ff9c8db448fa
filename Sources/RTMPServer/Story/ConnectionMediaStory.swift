import RTMP
import Relay
import Telemetry

/// What is counted and told of media: frames, keyframes, codec facts.
extension Connection {
    func noteReceived(_ message: MediaMessage, of publication: Publication) {
        let now = worker.nowNanoseconds
        switch message.kind {
        case .video:
            probe.videoBytes.add(message.payload.count)
            // One picture in several tracks counts once.
            if message.isFrame, message.track == 0 {
                noteArrival(
                    of: message, after: probe.videoAtNanoseconds, probe.videoTimestamp, publication)
                probe.videoFrames.add(1)
                probe.videoTimestamp.set(UInt64(message.timestamp))
                probe.videoAtNanoseconds.set(now)
            }
            guard message.isKeyframe, message.track == 0 else { return }
            if probe.keyframes.read() == 0 {
                let after = now - publication.acceptedAtNanoseconds
                probe.firstFrameNanoseconds.set(max(after, 1))
                tell(
                    .firstFrame(id, stream: publication.stream.name, afterNanoseconds: after))
            } else {
                let previous = UInt32(truncatingIfNeeded: probe.keyframeTimestamp.read())
                probe.gopMilliseconds.set(UInt64(message.timestamp &- previous))
            }
            probe.keyframes.add(1)
            probe.keyframeTimestamp.set(UInt64(message.timestamp))
            probe.keyframeAtNanoseconds.set(now)
        case .audio:
            probe.audioBytes.add(message.payload.count)
            if message.isFrame, message.track == 0 {
                noteArrival(
                    of: message, after: probe.audioAtNanoseconds, probe.audioTimestamp, publication)
                probe.audioFrames.add(1)
                probe.audioTimestamp.set(UInt64(message.timestamp))
                probe.audioAtNanoseconds.set(now)
            }
        case .metadata, .data:
            break
        }
    }

    /// Compares the times of a message with those of the one before it of its kind: LATE, jumps.
    private func noteArrival(
        of message: MediaMessage, after arrival: borrowing Counter,
        _ timestamp: borrowing Counter, _ publication: Publication
    ) {
        let before = arrival.read()
        // What an earlier publish of this connection sent is none of this one's.
        guard before >= publication.acceptedAtNanoseconds else { return }
        let previous = UInt32(truncatingIfNeeded: timestamp.read())
        let span = Int32(bitPattern: message.timestamp &- previous)
        let due = before + UInt64(max(span, 0)) * 1_000_000 + pace.delayNanoseconds
        if worker.nowNanoseconds > due { probe.lateNanoseconds.note(worker.nowNanoseconds - due) }
        guard span < 0 || span > ServerConfiguration.timestampJumpMilliseconds else { return }
        if span < 0 { probe.timestampBacks.add(1) } else { probe.timestampJumps.add(1) }
        // Each is counted; a source that jumps with every message fills no log.
        guard worker.nowNanoseconds - jumpToldAtNanoseconds >= ServerConfiguration.second else {
            return
        }
        jumpToldAtNanoseconds = worker.nowNanoseconds
        tell(
            .timestampJump(
                id, stream: publication.stream.name,
                kind: message.kind == .audio ? .audio : .video, from: previous,
                to: message.timestamp))
    }

    /// - Parameter origin: what the times of the sums count from, for the player's own.
    func noteSent(_ sums: borrowing SentSums, to play: Play, origin: UInt32 = 0) {
        if sums.audio.messages > 0 {
            note(sums.audio, as: .audio)
            probe.audioBytes.add(sums.audio.payloadBytes)
            probe.audioFrames.add(sums.audio.frames)
            if sums.audio.frames > 0 {
                probe.audioTimestamp.set(UInt64(sums.audio.timestamp &- origin))
            }
        }
        if sums.video.messages > 0 {
            note(sums.video, as: .video)
            probe.videoBytes.add(sums.video.payloadBytes)
            probe.videoFrames.add(sums.video.frames)
            if sums.video.frames > 0 {
                probe.videoTimestamp.set(UInt64(sums.video.timestamp &- origin))
            }
        }
        if sums.data.messages > 0 { note(sums.data, as: .dataAMF0) }
        guard sums.keyframes > 0 else { return }
        probe.keyframes.add(sums.keyframes)
        guard probe.firstFrameNanoseconds.read() == 0 else { return }
        let after = worker.nowNanoseconds - play.acceptedAtNanoseconds
        probe.firstFrameNanoseconds.set(max(after, 1))
        tell(.firstFrame(id, stream: play.feed.stream.name, afterNanoseconds: after))
    }

    private func note(_ medium: borrowing SentSums.Medium, as type: MessageType) {
        probe.messagesOut.add(medium.messages)
        chunkStreams.noteSent(
            type, on: type.chunkStreamID(on: 1), messages: medium.messages,
            deltas: medium.deltas, chunks: medium.chunks, wireBytes: medium.wireBytes,
            nowNanoseconds: worker.nowNanoseconds)
    }

    /// Metadata, sequence headers, keyframes, which alone say the size of VP9, and the first frame of
    /// each track: some codecs have no header.
    func saysMore(_ message: MediaMessage) -> Bool {
        switch (message.kind, message.landmark) {
        case (.metadata, _), (_, .sequenceHeader), (.video, .keyframe): true
        case (.audio, _): isFirstFrame(message, count: probe.audioFrames.read())
        case (.video, _): isFirstFrame(message, count: probe.videoFrames.read())
        case (.data, _): false
        }
    }

    /// `count`: of track 0.
    private func isFirstFrame(_ message: MediaMessage, count: UInt64) -> Bool {
        guard message.track > 0 else { return count == 1 }
        let kind: MediaConfiguration.Kind = message.kind == .audio ? .audio : .video
        return message.isFrame
            && !facts.configurations.contains {
                $0.track == message.track && $0.configuration.kind == kind
            }
    }

    /// Once a second at most, and not all of them in one turn: metadata is work that a publisher may
    /// ask for with every message (SEC-6).
    func readPendingMetadata() {
        guard let (payload, stream) = pendingMetadata,
            worker.nowNanoseconds >= metadataReadAtNanoseconds + ServerConfiguration.second,
            worker.spend(metadataBytes: payload.count)
        else { return }
        pendingMetadata = nil
        metadataReadAtNanoseconds = worker.nowNanoseconds
        let listing = MetadataListing.text(of: payload)
        guard listing != facts.metadata else { return }
        facts.metadata = listing
        postFacts()
        tell(.metadata(id, stream: stream, listing))
    }

    /// A sequence header or metadata of a publisher: facts for the dashboard, once per change.
    func noteHeader(_ message: MediaMessage, of publication: Publication) {
        guard message.kind != .metadata else {
            pendingMetadata = (message.payload, publication.stream.name)
            readPendingMetadata()
            if pendingMetadata != nil { lookEarlier() }
            return
        }
        for (track, codec) in CodecConfiguration.all(in: message) {
            note(
                MediaConfiguration(codec), ofTrack: Int(track), from: message,
                publication.stream.name)
        }
    }

    private func note(
        _ found: MediaConfiguration, ofTrack track: Int, from message: MediaMessage,
        _ stream: SafeText
    ) {
        let known = facts.configurations.firstIndex {
            $0.track == track && $0.configuration.kind == found.kind
        }
        var configuration = found
        if let known {
            let before = facts.configurations[known].configuration
            configuration = before.updated(by: found)
            guard configuration != before else { return }
            facts.configurations[known].configuration = configuration
            // A keyframe that completes what the header said changes nothing.
            if message.landmark == .sequenceHeader || before.width != nil {
                facts.configurations[known].changes += 1
            }
            if message.landmark == .sequenceHeader {
                facts.configurations[known].bytes = message.payload.count
            }
        } else {
            facts.configurations.append(
                .init(
                    track: track, configuration: configuration, changes: 0,
                    bytes: message.payload.count))
        }
        postFacts()
        tell(.mediaConfiguration(id, stream: stream, track: track, configuration))
    }
}
