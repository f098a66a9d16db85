public import Programs
import Synchronization

/// Gets credentials from a plugin when they are needed, and keeps them until they expire.
///
/// Invariant: one run of the plugin at a time, however many requests wait for it; what it printed is kept in memory
/// only, and shown nowhere.
public final class PluginCredential: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// A client certificate that a plugin gave.
    public struct Certificate: Sendable, Hashable {
        /// PEM with its chain.
        public let certificate: [UInt8]
        /// PEM.
        public let key: [UInt8]
    }

    /// What the next request carries, and which answer it is of.
    struct Grant: Sendable {
        let token: String?
        /// Counts answers, so that a refusal of an old one does not throw a new one away.
        let generation: Int
    }

    private typealias Waiter = CheckedContinuation<Result<Grant, KubeError>, Never>

    private struct State {
        var answer: PluginAnswer?
        var generation = 0
        var run: Task<Void, Never>?
        var lastWaiter = 0
        var waiters: [Int: Waiter] = [:]
        /// Cancelled before they began to wait.
        var gone: Set<Int> = []
    }

    private let plugin: ExecPlugin
    private let runner: any ProgramRunner
    private let environment: [String: String]
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// A plugin that has not been run yet.
    ///
    /// - Parameters:
    ///   - environment: what we were started in.
    ///   - now: seconds since 1970.
    public init(
        _ plugin: ExecPlugin, runner: any ProgramRunner, environment: [String: String],
        now: @escaping @Sendable () -> Int64
    ) {
        self.plugin = plugin
        self.runner = runner
        self.environment = environment
        self.now = now
    }

    /// The certificate of the last answer, for the transport; nil when there is none (yet).
    public var certificate: Certificate? {
        state.withLock { state in
            guard let answer = state.answer, let certificate = answer.certificate, let key = answer.key else {
                return nil
            }
            return Certificate(certificate: certificate, key: key)
        }
    }

    /// Runs the plugin unless an answer is at hand that has not expired.
    ///
    /// Cancelling the task returns at once; the plugin is stopped when nobody waits for it any more.
    func grant() async throws(KubeError) -> Grant {
        let (ready, id) = state.withLock { state -> (Grant?, Int) in
            if let answer = state.answer, answer.expires.map({ $0 > now() }) ?? true {
                return (Grant(token: answer.token, generation: state.generation), 0)
            }
            state.lastWaiter += 1
            return (nil, state.lastWaiter)
        }
        if let ready { return ready }
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, as: id) }
        } onCancel: {
            stopWaiting(id)
        }.get()
    }

    private func wait(_ waiter: Waiter, as id: Int) {
        let isGone = state.withLock { state in
            if state.gone.remove(id) != nil { return true }
            state.waiters[id] = waiter
            if state.run == nil { state.run = Task { await run() } }
            return false
        }
        if isGone { waiter.resume(returning: .failure(Self.cancelled)) }
    }

    private func stopWaiting(_ id: Int) {
        let (waiter, run) = state.withLock { state -> (Waiter?, Task<Void, Never>?) in
            guard let waiter = state.waiters.removeValue(forKey: id) else {
                state.gone.insert(id)
                return (nil, nil)
            }
            return (waiter, state.waiters.isEmpty ? state.run : nil)
        }
        run?.cancel()
        waiter?.resume(returning: .failure(Self.cancelled))
    }

    /// The server refused what that answer gave: the next request asks the plugin again.
    func refuse(_ generation: Int) {
        state.withLock { state in
            if state.generation == generation { state.answer = nil }
        }
    }

    private func run() async {
        let result: Result<PluginAnswer, KubeError>
        do throws(KubeError) { result = .success(try await answer()) } catch { result = .failure(error) }
        let (waiters, grant) = state.withLock { state -> ([Waiter], Result<Grant, KubeError>) in
            defer { state.waiters = [:] }
            state.run = nil
            // Handed out even when it has expired: a clock that is wrong must not make us ask for ever.
            let grant = result.map { answer in
                state.answer = answer
                state.generation += 1
                return Grant(token: answer.token, generation: state.generation)
            }
            return (Array(state.waiters.values), grant)
        }
        for waiter in waiters { waiter.resume(returning: grant) }
    }

    private static let cancelled = KubeError(.cancelled, "the request was cancelled")

    private func answer() async throws(KubeError) -> PluginAnswer {
        let isInteractive: Bool
        switch plugin.interactiveMode {
        case .never: isInteractive = false
        case .ifAvailable: isInteractive = runner.canAsk
        case .always:
            guard runner.canAsk else {
                throw failure("wants to ask a person (interactiveMode: Always), and there is no terminal")
            }
            isInteractive = true
        }
        let exit: ProgramAnswer
        do throws(ProgramFailure) {
            exit = try await runner.run(
                plugin.call(inheriting: environment, isInteractive: isInteractive),
                limit: ExecPlugin.limit(isInteractive: isInteractive))
        } catch {
            switch error.reason {
            case .notFound:
                throw failure("is not there: no such program" + (plugin.installHint.map { "\n\($0)" } ?? ""))
            case .failed: throw failure("could not be run: \(error.message)")
            case .timedOut: throw failure("took too long and was stopped", mayPass: true)
            case .cancelled: throw KubeError(.cancelled, "\(plugin) was stopped")
            }
        }
        guard exit.code == 0 else {
            let how = exit.code < 0 ? "was ended by signal \(-exit.code)" : "failed with exit code \(exit.code)"
            throw failure("\(how); what it says stands above", mayPass: true)
        }
        do throws(PluginAnswer.Fault) { return try PluginAnswer(exit.output, apiVersion: plugin.apiVersion) } catch {
            throw failure("gave no credentials: \(error.message)")
        }
    }

    /// - Parameter mayPass: a network's trouble or a locked agent, so that asking again later may help.
    private func failure(_ what: String, mayPass: Bool = false) -> KubeError {
        // Nothing has reached the server in any case.
        KubeError(
            .unauthorized, "\(plugin) \(what)", reason: Self.reason, retryClass: mayPass ? .notSent : .permanent)
    }

    /// The reason word of errors that come from a plugin and not from a server.
    public static let reason = "CredentialPlugin"

    public var description: String { "\(plugin)" }
    public var customMirror: Mirror { Mirror(self, children: ["plugin": "\(plugin)"]) }

    /// Two are the same when they share their answer.
    public static func == (lhs: PluginCredential, rhs: PluginCredential) -> Bool { lhs === rhs }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
