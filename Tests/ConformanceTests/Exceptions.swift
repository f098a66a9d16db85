/// Where a server differs from the others, and why that is so.
///
/// Each is checked: a server that behaves like the others after all makes the suite fail until its line is taken out.
enum Exceptions {
    struct Exception: Sendable {
        let servers: [Server.Name]
        /// False where the behaviour would wait for ever.
        var isRun = true
        let behaviour: String
        let reason: String
    }

    static let all: [Exception] = [
        Exception(
            servers: simulators, behaviour: "unknown fields are refused where the server can tell them",
            reason: "the simulator has no schemas of the built-in kinds, and keeps what it does not know"),
        Exception(
            servers: simulators.filter { $0 != .simulator120 && $0 != .listener120 },
            behaviour: "warnings are handed on",
            reason: "the simulator has no schemas of the built-in kinds, so it has nothing to warn of"),
        Exception(
            servers: [.real120Removed], behaviour: "warnings are handed on",
            reason: "what it would warn of is switched off"),
        Exception(
            servers: [.lite136], behaviour: "it tells us what we may do",
            reason: "it has no authorizer, nor the API to ask one"),
        Exception(
            servers: [.lite136], behaviour: "an object that is not acceptable is refused with its fields",
            reason: "validation of the built-in kinds is in kube-apiserver, not in the libraries"),
        Exception(
            servers: [.lite136], behaviour: "what an owner's deletion takes along is the caller's choice",
            reason: "no controllers, so no garbage collector"),
        Exception(
            servers: [.lite136],
            behaviour: "a list whose state is forgotten between two pages begins again with the newest",
            reason: "since 1.34 the server keeps states of its own and goes on from them, whatever its store forgets"),
        Exception(
            servers: [.simulator120, .simulator136], isRun: false,
            behaviour: "a watch that the server ends is over without an error, and one that we drop at once",
            reason: "its time stands still while nobody asks it anything, so nothing would end the watch"),
    ]

    private static let simulators: [Server.Name] = [.simulator120, .simulator136, .listener120, .listener136, .nginx]

    static func of(_ server: Server.Name, _ behaviour: String) -> Exception? {
        all.first { $0.servers.contains(server) && $0.behaviour == behaviour }
    }
}
