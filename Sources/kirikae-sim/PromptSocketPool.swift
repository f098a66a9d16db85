import FlyingSocks
import Glibc

/// Waits for sockets as another pool does, and sees to it that answers leave at once.
///
/// The listener writes header and body one after the other. With Nagle's algorithm the body waits until the client has
/// confirmed the header, which takes 40 ms a request. The option is set on the listening socket, the first that waits
/// here; on Linux all accepted ones inherit it.
struct PromptSocketPool<Base: AsyncSocketPool>: AsyncSocketPool {
    var base: Base

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        let noDelay = BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
        if (try? socket.getValue(for: noDelay)) == false { try? socket.setValue(true, for: noDelay) }
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
