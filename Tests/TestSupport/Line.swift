package import RTMP

/// Messages and steps as one line of text each, for transcripts.
///
///     _result 4 null 1                              command, transaction, object, arguments
///     onStatus 0 null {level: status, …} @1         on message stream 1
///     setChunkSize 60000        streamBegin 1       control, user control
package enum Line {
    package static func text(_ message: Message) -> String {
        let stream = message.messageStreamID == 0 ? "" : " @\(message.messageStreamID)"
        switch message.type {
        case .commandAMF0, .commandAMF3:
            guard let command = try? Command.decode(message, limits: Limits()) else {
                return "unreadable command"
            }
            return text(command)
        case .dataAMF0:
            let values = message.payload.withUnsafeBytes {
                try? AMF0Decoder.values(of: $0, limits: Limits())
            }
            return "data " + (values ?? []).map { text($0) }.joined(separator: " ") + stream
        case .userControl:
            return UserControlEvent.decode(message).map { text($0) } ?? "unreadable event"
        default:
            return ControlMessage.decode(message).map { text($0) }
                ?? "type \(message.type.rawValue), \(message.payload.count) bytes" + stream
        }
    }

    package static func text(_ command: Command) -> String {
        let stream = command.messageStreamID == 0 ? "" : " @\(command.messageStreamID)"
        let values = [command.object] + command.arguments
        return "\(command.name) \(number(command.transaction)) "
            + values.map { text($0) }.joined(separator: " ") + stream
    }

    package static func text(_ value: AMFValue) -> String {
        switch value {
        case .number(let value): number(value)
        case .boolean(let value): "\(value)"
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null: "null"
        case .undefined: "undefined"
        case .strictArray(let values):
            "[" + values.map { text($0) }.joined(separator: ", ") + "]"
        case .object, .ecmaArray, .typedObject:
            "{"
                + (value.properties ?? []).map { property in
                    String(decoding: property.key, as: UTF8.self) + ": " + text(property.value)
                }.joined(separator: ", ") + "}"
        case .date, .unsupported, .xmlDocument, .byteArray: "\(value)"
        }
    }

    package static func text(_ control: ControlMessage) -> String {
        switch control {
        case .setChunkSize(let size): "setChunkSize \(size)"
        case .abort(let chunkStream): "abort \(chunkStream)"
        case .acknowledgement(let count): "acknowledgement \(count)"
        case .windowAcknowledgementSize(let size): "windowAcknowledgementSize \(size)"
        case .setPeerBandwidth(let size, let limit): "setPeerBandwidth \(size) \(limit)"
        }
    }

    package static func text(_ event: UserControlEvent) -> String {
        switch event {
        case .streamBegin(let stream): "streamBegin \(stream)"
        case .streamEOF(let stream): "streamEOF \(stream)"
        case .streamDry(let stream): "streamDry \(stream)"
        case .setBufferLength(let stream, let length): "setBufferLength \(stream) \(length)"
        case .streamIsRecorded(let stream): "streamIsRecorded \(stream)"
        case .pingRequest(let value): "pingRequest \(value)"
        case .pingResponse(let value): "pingResponse \(value)"
        case .other(let event): "event \(event)"
        }
    }

    package static func text(_ step: ServerStep) -> String {
        switch step {
        case .write(let bytes): "write \(bytes.count)"
        case .handshakeDone(let kind): "handshakeDone \(kind)"
        case .reply(let message): "reply \(text(message))"
        case .control(let control): "control \(text(control))"
        case .userControl(let event): "userControl \(text(event))"
        case .connectRequested(let request): "connect \(request.app)"
        case .publishRequested(let request):
            "publish \(request.key?.description ?? "–") @\(request.messageStreamID)"
        case .playRequested(let request):
            "play \(request.key?.description ?? "–") from \(number(request.start))"
                + " @\(request.messageStreamID)"
        case .media(let stream, let media):
            "\(media.kind) \(media.payload.count) bytes at \(media.timestamp) @\(stream)"
        case .publishEnded(let stream): "publishEnded @\(stream)"
        case .playEnded(let stream): "playEnded @\(stream)"
        case .paused(let stream, let isPaused): "paused \(isPaused) @\(stream)"
        case .receives(let stream, let kind, let wants): "receives \(kind) \(wants) @\(stream)"
        case .command(let command): "command \(text(command))"
        case .ignored(let what): "ignored \(what)"
        case .close(let end): "close \(end)"
        }
    }

    package static func text(_ step: ClientStep) -> String {
        switch step {
        case .write(let bytes): "write \(bytes.count)"
        case .handshakeDone(let kind): "handshakeDone \(kind)"
        case .send(let message): "send \(text(message))"
        case .connected(let answer): "connected \(answer.serverVersion ?? "–")"
        case .publishing(let stream): "publishing @\(stream)"
        case .playing(let stream): "playing @\(stream)"
        case .media(let media):
            "\(media.kind) \(media.payload.count) bytes at \(media.timestamp)"
        case .playEnded(.streamEOF): "playEnded streamEOF"
        case .playEnded(.status(let code)): "playEnded \(code)"
        case .status(let status): "status \(status.level) \(status.code) @\(status.messageStreamID)"
        case .control(let control): "control \(text(control))"
        case .userControl(let event): "userControl \(text(event))"
        case .command(let command): "command \(text(command))"
        case .reconnectRequested(let request): "reconnect \(request.tcURL ?? "–")"
        case .ignored(let type): "ignored type \(type.rawValue)"
        case .close(let end): "close \(text(end))"
        }
    }

    package static func text(_ end: ClientEnd) -> String {
        switch end {
        case .stopped: "stopped"
        case .serverVersion(let version): "serverVersion \(version)"
        case .connectRejected(let refusal): "connectRejected \(text(refusal))"
        case .createStreamRejected(let refusal): "createStreamRejected \(text(refusal))"
        case .publishRejected(let refusal): "publishRejected \(text(refusal))"
        case .playRejected(let refusal): "playRejected \(text(refusal))"
        case .failed(let refusal): "failed \(text(refusal))"
        case .closedByServer: "closedByServer"
        }
    }

    private static func text(_ refusal: Refusal) -> String {
        "\(refusal.code): \(refusal.description)"
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
