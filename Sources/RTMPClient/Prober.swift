import Posix
import RTMP

/// Plays a stream for a while to say what it is and how well it comes.
package struct Prober: Sendable {
    /// From the first media on.
    package var duration = Duration.seconds(5)

    package init() {}

    /// Whatever comes of it is told in the report: it fails for a URL that is none only.
    package func run(
        _ url: String, options: ClientOptions = ClientOptions(), stop: StopSignal
    ) throws(ClientError) -> ProbeReport {
        let parsed = try options.url(url)
        var report = ProbeReport(beganAt: Clock.monotonicNanoseconds())
        do throws(ClientError) {
            let talk = try Talk(.play, parsed, options, stop: stop)
            do throws(ClientError) {
                try measure(talk, options, &report)
                report.note(talk)
                talk.link.finish()
            } catch {
                report.note(talk)
                talk.link.finish()
                throw error
            }
        } catch .stopped {
            // What was seen until then counts.
        } catch {
            report.error = error
        }
        return report
    }

    private func measure(
        _ talk: Talk, _ options: ClientOptions, _ report: inout ProbeReport
    ) throws(ClientError) {
        _ = try talk.start()
        var end = Clock.monotonicNanoseconds().addingClamped(options.timeout.nanoseconds)
        var stallEnd = UInt64.max
        while true {
            switch try talk.next(Link.Awaited(until: min(end, stallEnd))) {
            case .media(let media):
                let now = Clock.monotonicNanoseconds()
                if let stall = options.stall { stallEnd = now.addingClamped(stall.nanoseconds) }
                if report.firstMediaAt == nil, media.isFrame || media.isHeader {
                    report.firstMediaAt = now
                    end = now.addingClamped(duration.nanoseconds)
                }
                report.note(media, at: now)
                if now >= end { return }
            case .ended(let ended):
                report.end = ended
                return
            case .timeOver:
                guard report.firstMediaAt != nil else { throw .stalled(options.timeout) }
                if stallEnd < end, let stall = options.stall { throw .stalled(stall) }
                return
            case .started, .redirected, .readable, .room: continue
            }
        }
    }
}
