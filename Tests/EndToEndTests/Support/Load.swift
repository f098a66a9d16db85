import Glibc
import Routing
import Synchronization

/// Steady load on one address: each connection sends its next request when the last one is answered, at most 600 a
/// second, so that other tests get on too.
///
/// Every request ends in exactly one account: answered by blue, answered by green, or failed. A request on a connection
/// that the balancer closed before any byte of an answer, and that had been answered on before, is sent once more, as
/// every HTTP client may (RFC 9110, 9.2.2), and counted apart.
final class Load: Sendable {
    /// Stands for a share while a balancer that takes one weight after the other has taken only the first.
    static let inBetween = -1

    /// What became of the requests.
    struct Account: Sendable {
        /// By green's share in percent at the moment of the choice, as the balancer says in `X-Share`.
        var answered: [Int: ShareCount] = [:]
        var failures: [String] = []
        var failed = 0
        var sentAgain = 0
        /// When green answered last.
        var lastGreen: ContinuousClock.Instant?
        var slowest = Duration.zero

        var blue: Int { answered.values.reduce(0) { $0 + $1.blue } }
        var green: Int { answered.values.reduce(0) { $0 + $1.green } }
        var total: Int { blue + green + failed }

        mutating func add(_ other: Account) {
            for (share, count) in other.answered {
                answered[share, default: ShareCount()].blue += count.blue
                answered[share, default: ShareCount()].green += count.green
            }
            failures += other.failures
            failed += other.failed
            sentAgain += other.sentAgain
            if let last = other.lastGreen { lastGreen = max(last, lastGreen ?? last) }
            slowest = max(slowest, other.slowest)
        }
    }

    private let accounts: [Slot]
    private let port: Int
    private let isOver = Atomic(false)
    private let running: Atomic<Int>

    private final class Slot: Sendable {
        let account = Mutex(Account())
    }

    init(port: Int, connections: Int = 8) {
        self.port = port
        accounts = (0..<connections).map { _ in Slot() }
        running = Atomic(connections)
        for slot in accounts { Wire.thread { self.work(slot) } }
    }

    /// All accounts so far.
    var account: Account {
        var sum = Account()
        for slot in accounts { sum.add(slot.account.withLock { $0 }) }
        return sum
    }

    /// Ends when every request under way is answered.
    func stop() async throws -> Account {
        isOver.store(true, ordering: .relaxed)
        let ended = try await Waiting.until(90) { running.load(ordering: .acquiring) == 0 }
        guard ended else { throw Program.Failure(description: "the load does not end") }
        return account
    }

    private enum Answer {
        case side(isGreen: Bool, share: Int, closes: Bool)
        case closedBefore
        case broken(String)
    }

    private func work(_ slot: Slot) {
        let request = Array("GET /load HTTP/1.1\r\nHost: shop.example.com\r\n\r\n".utf8)
        var buffer = [UInt8](repeating: 0, count: 4096)
        var connection: Int32?
        var hasAnswered = false
        var due = ContinuousClock.now
        while !isOver.load(ordering: .relaxed) {
            var begun = ContinuousClock.now
            // What was missed is made up for, within bounds.
            due = max(due + .microseconds(1_667), begun - .milliseconds(50))
            if due > begun {
                usleep(UInt32((due - begun) / .microseconds(1)))
                begun = ContinuousClock.now
            }
            var answer = Answer.broken("no connection")
            for isSecond in [false, true] {
                if connection == nil {
                    connection = Wire.connect(port: port)
                    hasAnswered = false
                }
                guard let open = connection else { break }
                answer = Self.exchange(open, request, &buffer)
                if case .side(_, _, closes: false) = answer {
                    hasAnswered = true
                    break
                }
                close(open)
                connection = nil
                guard case .closedBefore = answer, hasAnswered, !isSecond else { break }
                slot.account.withLock { $0.sentAgain += 1 }
            }
            let now = ContinuousClock.now
            slot.account.withLock { account in
                account.slowest = max(account.slowest, now - begun)
                switch answer {
                case .side(let isGreen, let share, _):
                    account.answered[share, default: ShareCount()].green += isGreen ? 1 : 0
                    account.answered[share, default: ShareCount()].blue += isGreen ? 0 : 1
                    if isGreen { account.lastGreen = now }
                case .closedBefore:
                    account.failed += 1
                    account.failures.append("closed without an answer")
                case .broken(let why):
                    account.failed += 1
                    if account.failures.count < 20 { account.failures.append(why) }
                }
            }
            if case .broken = answer { usleep(10_000) }
        }
        if let connection { close(connection) }
        running.subtract(1, ordering: .releasing)
    }

    private static func exchange(_ connection: Int32, _ request: [UInt8], _ buffer: inout [UInt8]) -> Answer {
        guard Wire.send(connection, request) else { return .closedBefore }
        var filled = 0
        while true {
            let room = buffer.count - filled
            let count = buffer.withUnsafeMutableBytes { recv(connection, $0.baseAddress.map { $0 + filled }, room, 0) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 {
                if filled == 0, count == 0 || errno == ECONNRESET { return .closedBefore }
                return .broken("broke off after \(filled) bytes: \(count < 0 ? errno : 0)")
            }
            filled += count
            if let end = Wire.find("\r\n\r\n", in: buffer, filled), filled >= end + 6 { break }
            if filled == buffer.count { return .broken("an answer without an end") }
        }
        guard Wire.find("HTTP/1.1 200 ", in: buffer, filled) == 0 else {
            return .broken(String(decoding: buffer[..<min(filled, 60)], as: UTF8.self))
        }
        let isGreen =
            Wire.find("X-Cluster: green", in: buffer, filled) ?? Wire.find("x-cluster: green", in: buffer, filled)
        let isBlue =
            Wire.find("X-Cluster: blue", in: buffer, filled) ?? Wire.find("x-cluster: blue", in: buffer, filled)
        let mark = Wire.find("X-Share: ", in: buffer, filled) ?? Wire.find("x-share: ", in: buffer, filled)
        guard (isGreen == nil) != (isBlue == nil), let mark else { return .broken("an answer of neither side") }
        var place = mark + 9
        func number() -> Int {
            var number = 0
            while (0x30...0x39).contains(buffer[place]) {
                number = number * 10 + Int(buffer[place] - 0x30)
                place += 1
            }
            return number
        }
        if buffer[place] == UInt8(ascii: "g") { place += 1 }
        var share = number()
        if buffer[place] == UInt8(ascii: "/") {
            place += 1
            if number() + share != 100 { share = inBetween }
        }
        let closes = Wire.find("onnection: close", in: buffer, filled) != nil
        return .side(isGreen: isGreen != nil, share: share, closes: closes)
    }
}
