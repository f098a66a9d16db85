import Manifests
import Planning
import Synchronization

@testable import Execution

/// What goes wrong in one schedule, drawn from its seed: whether anything does, which kinds of trouble, and how often.
///
/// Rates are drawn before troubles are, so that among many schedules there are quiet ones, ones with a single kind of
/// trouble, and storms.
final class Weather: Sendable {
    /// How often, in a thousand calls, each kind of trouble comes.
    struct Climate: Sendable {
        var crash = 0
        var unsent = 0
        var lostReply = 0
        var serverError = 0
        var throttled = 0
        var conflict = 0
        var disk = 0
        var mirror = 0
        var thirdParty = 0
        var greenDies = 0
        /// Requests of probes that are never sent.
        var mute = 0
    }

    let climate: Climate
    private let random: SeededRandom
    /// What a third party does to the world; drawn now and then.
    let meddle: @Sendable (SeededRandom) -> Void
    let killGreen: @Sendable () -> Void

    init(
        _ climate: Climate, random: SeededRandom, meddle: @escaping @Sendable (SeededRandom) -> Void,
        killGreen: @escaping @Sendable () -> Void
    ) {
        self.climate = climate
        self.random = random
        self.meddle = meddle
        self.killGreen = killGreen
    }

    /// A climate for a schedule.
    static func climate(_ random: SeededRandom) -> Climate {
        var climate = Climate()
        func rate() -> Int { [0, 0, 0, 4, 15, 60][Int(random.next() % 6)] }
        climate.crash = rate() / 2
        climate.unsent = rate()
        climate.lostReply = rate()
        climate.serverError = rate()
        climate.throttled = rate()
        climate.conflict = rate()
        climate.disk = rate() / 10
        climate.mirror = rate()
        climate.thirdParty = random.next() % 4 == 0 ? 12 : 0
        climate.greenDies = random.next() % 5 == 0 ? 10 : 0
        climate.mute = random.next() % 4 == 0 ? 400 : 0
        return climate
    }

    func strike(_ site: Faults.Site) -> Faults.Strike? {
        if comes(climate.thirdParty) { meddle(random) }
        if comes(climate.greenDies) { killGreen() }
        if comes(climate.crash) { return .crash(random.next() % 2 == 0 ? .before : .after) }
        guard site != .journal else {
            guard comes(climate.disk) else { return nil }
            return .disk(JournalError(random.next() % 2 == 0 ? .diskFull : .writeFailed, "the disk"))
        }
        if site == .probe { return comes(climate.mute) ? .refusal(StepFailure(.notSent, "no way out")) : nil }
        guard site != .mirror, site != .readMirror else { return strikeMirror() }
        if comes(climate.unsent) { return .refusal(StepFailure(.notSent, "connection refused")) }
        if comes(climate.throttled) {
            return .refusal(StepFailure(.throttled, "too many requests", retryAfter: .seconds(2)))
        }
        if comes(climate.serverError) { return .refusal(StepFailure(.server, "internal error")) }
        switch site {
        case .write, .writeRoute:
            if comes(climate.lostReply) { return .lostReply }
            if comes(climate.conflict) { return .refusal(StepFailure(.conflict, "the object has been modified")) }
        case .read, .readRoute, .probe, .journal, .mirror, .readMirror: break
        }
        return nil
    }

    private func strikeMirror() -> Faults.Strike? {
        guard comes(climate.mirror) else { return nil }
        switch random.next() % 3 {
        case 0: return .refusal(StepFailure(.notSent, "the mirror did not answer in time"))
        case 1: return .lostReply
        default: return .lie
        }
    }

    private func comes(_ rate: Int) -> Bool { rate > 0 && Int(random.next() % 1_000) < rate }
}
