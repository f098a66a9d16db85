import Synchronization

/// Gathers what a client was told.
final class WarningBox: Sendable {
    private let texts = Mutex<[String]>([])

    var messages: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
