import CLibCurl
import Glibc
import HTTP
import Synchronization

/// The way to the thread that owns libcurl.
///
/// Invariant: everything of libcurl lives on that one thread; from others come only commands, through a lock, and the
/// one call that libcurl allows from elsewhere, which wakes it.
final class CurlLoop: Sendable {
    enum Command: Sendable {
        case start(TransferJob)
        /// Ends the job with this error unless it has ended.
        case cancel(Int)
        /// Lets a paused stream go on.
        case resume(Int)
        case stop
    }

    private struct State {
        var commands: [Command] = []
        var wakeup: Wakeup?
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Starts the thread.
    static func start(
        _ configuration: CurlConfiguration, _ address: ServerAddress, proxy: String?
    ) throws(TransportError) -> CurlLoop {
        let loop = CurlLoop()
        let start = ThreadStart(loop: loop, configuration: configuration, address: address, proxy: proxy)
        let context = unsafe Unmanaged.passRetained(start)
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, runCurlLoop, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw TransportError(.notSent, "no thread could be started for connections (error \(code))")
        }
        pthread_detach(thread)
        return loop
    }

    /// Hands a command over.
    ///
    /// After the loop has stopped, a start fails at once and the rest is without effect.
    func post(_ command: Command) {
        let isTaken = state.withLock { state in
            guard !state.isStopped else { return false }
            state.commands.append(command)
            // Under the lock: the handle is closed only after `isStopped` was set under it.
            state.wakeup?.call()
            return true
        }
        if !isTaken, case .start(let job) = command {
            job.fail(TransportError(.notSent, "the transport has been closed"))
        }
    }

    // The loop's side.

    fileprivate func open(_ wakeup: Wakeup) { state.withLock { $0.wakeup = wakeup } }

    fileprivate func takeCommands() -> [Command] {
        state.withLock { state in
            defer { state.commands = [] }
            return state.commands
        }
    }

    /// No more commands come after this; those still waiting are returned.
    fileprivate func close() -> [Command] {
        state.withLock { state in
            state.isStopped = true
            state.wakeup = nil
            defer { state.commands = [] }
            return state.commands
        }
    }
}

/// The multi handle as other threads may use it: to be woken, nothing else.
@safe struct Wakeup: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer

    fileprivate init(_ multi: UnsafeMutableRawPointer) { unsafe self.multi = unsafe multi }

    fileprivate func call() { unsafe curl_multi_wakeup(multi) }
}

private final class ThreadStart: Sendable {
    let loop: CurlLoop
    let configuration: CurlConfiguration
    let address: ServerAddress
    let proxy: String?

    init(loop: CurlLoop, configuration: CurlConfiguration, address: ServerAddress, proxy: String?) {
        self.loop = loop
        self.configuration = configuration
        self.address = address
        self.proxy = proxy
    }
}

private nonisolated func runCurlLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let start = unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
    // Signals are the main program's business; and a broken TLS connection must not kill by SIGPIPE.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
    LoopThread.libcurlIsReady
    if let thread = LoopThread(start) {
        thread.run()
    } else {
        for case .start(let job) in start.loop.close() {
            job.fail(TransportError(.notSent, "libcurl could not be started (out of memory)"))
        }
    }
    return nil
}

/// What only the thread itself touches.
@safe private final class LoopThread {
    /// Before the first handle, once per process.
    static let libcurlIsReady: Void = { curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    private let multi: UnsafeMutableRawPointer
    private let start: ThreadStart
    private var pending: [TransferJob] = []
    private var active: [Int: Transfer] = [:]
    private var activeRequests = 0
    private let clock = ContinuousClock()

    init?(_ start: ThreadStart) {
        guard let multi = unsafe curl_multi_init() else { return nil }
        unsafe self.multi = unsafe multi
        self.start = start
        unsafe kirikae_curl_multi_set_long(
            multi, CURLMOPT_MAXCONNECTS, start.configuration.maximumConcurrentRequests + 16)
        start.loop.open(unsafe Wakeup(multi))
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    func run() {
        while true {
            for command in start.loop.takeCommands() {
                switch command {
                case .start(let job): pending.append(job)
                case .cancel(let id): cancel(id)
                case .resume(let id):
                    if let transfer = active[id] { unsafe curl_easy_pause(transfer.easy.pointer, CURLPAUSE_CONT) }
                case .stop:
                    close()
                    return
                }
            }
            expire()
            startPending()
            var running: Int32 = 0
            unsafe curl_multi_perform(multi, &running)
            // What has ended makes room for what waits, so it is started before anybody sleeps.
            if collect(), !pending.isEmpty { continue }
            unsafe curl_multi_poll(multi, nil, 0, Int32(patience), nil)
        }
    }

    private func startPending() {
        var waiting: [TransferJob] = []
        for job in pending {
            if job.ticket.isCancelled {
                job.fail(Self.cancelled)
            } else if !job.isStream, activeRequests >= start.configuration.maximumConcurrentRequests {
                waiting.append(job)
            } else {
                begin(job)
            }
        }
        pending = waiting
    }

    private func begin(_ job: TransferJob) {
        let transfer: Transfer
        do {
            transfer = try Transfer(
                job, configuration: start.configuration, address: start.address, proxy: start.proxy)
        } catch {
            job.fail(error)
            return
        }
        guard unsafe curl_multi_add_handle(multi, transfer.easy.pointer) == CURLM_OK else {
            job.fail(TransportError(.notSent, "libcurl did not take the request (out of memory)"))
            return
        }
        active[job.id] = transfer
        if !job.isStream { activeRequests += 1 }
    }

    /// Ends what libcurl has finished.
    ///
    /// True when something was.
    private func collect() -> Bool {
        var remaining: Int32 = 0
        var hasEnded = false
        while let message = unsafe curl_multi_info_read(multi, &remaining) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let code = unsafe kirikae_curl_message_result(message)
            var context: UnsafeMutableRawPointer?
            unsafe kirikae_curl_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let found = unsafe context else { continue }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(found).takeUnretainedValue()
            hasEnded = true
            end(transfer) { $0.finish(code) }
        }
        return hasEnded
    }

    private func cancel(_ id: Int) {
        if let index = pending.firstIndex(where: { $0.id == id }) {
            pending.remove(at: index).fail(Self.cancelled)
        } else if let transfer = active[id] {
            end(transfer) { $0.job.fail(Self.cancelled, headerIsOut: $0.headerIsOut) }
        }
    }

    /// Ends what has run out of time: requests that wait, that run, and streams whose header has not come.
    private func expire() {
        let now = clock.now
        for job in pending where job.deadline <= now {
            job.fail(
                TransportError(
                    .notSent,
                    "\(start.address.hostAndPort): no turn within \(job.timeout), too many requests are under way"))
        }
        pending.removeAll { $0.deadline <= now }
        for transfer in active.values where transfer.job.deadline <= now && transfer.isTimed {
            end(transfer) { $0.finish(timedOutAt: now) }
        }
    }

    /// Milliseconds until something of ours is due.
    ///
    /// libcurl itself wakes earlier for its own timers.
    private var patience: Int {
        let next = (pending.map(\.deadline) + active.values.filter(\.isTimed).map(\.job.deadline)).min()
        return next.map { min(60_000, max(1, ($0 - clock.now).milliseconds)) } ?? 60_000
    }

    /// Tells the caller first: taking a handle out may wait for a name to be resolved.
    private func end(_ transfer: Transfer, _ finish: (Transfer) -> Void) {
        active[transfer.job.id] = nil
        if !transfer.job.isStream { activeRequests -= 1 }
        finish(transfer)
        // The handle dies with the transfer, which must not be before libcurl has let go of it.
        withExtendedLifetime(transfer) { _ = unsafe curl_multi_remove_handle(multi, transfer.easy.pointer) }
    }

    private func close() {
        let late = start.loop.close()
        for case .start(let job) in late { pending.append(job) }
        for job in pending { job.fail(Self.cancelled) }
        pending = []
        for transfer in active.values {
            end(transfer) { $0.job.fail(Self.cancelled, headerIsOut: $0.headerIsOut) }
        }
    }

    private static let cancelled = TransportError(.cancelled, "the request was cancelled")
}

extension Transfer {
    /// Whether the deadline still means anything: a stream has kept it once its header is out.
    fileprivate var isTimed: Bool { !(job.isStream && headerIsOut) }
}
