import ArgumentParser
import Execution
import FoundationEssentials
import Manifests
import Planning
import Routing

/// `kirikae route`.
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Show, set or verify a plan's routes by hand, through the same back ends as a run.",
        discussion: """
            A run expects the weights that it left: what is set by hand in the middle of one is somebody else's value to \
            it, and it stops there instead of overwriting it.
            """,
        subcommands: [Show.self, Set.self, Verify.self])

    /// The plan and the back ends of its routes.
    struct Routes: ParsableArguments {
        @Argument(help: ArgumentHelp("The plan's folder.", valueName: "plan"))
        var plan: String

        /// All of them, by name.
        func open() throws -> [(route: Route, router: any Router)] {
            let document = try PlanFolder.read(plan)
            let routers = try RunSetting.routers(document.plan, folder: PlanFolder.absolute(plan))
            return document.plan.routes.compactMap { route in routers[route.name].map { (route, $0) } }
        }

        /// The one of that name.
        func open(_ name: String) throws -> any Router {
            let routes = try open()
            guard let found = routes.first(where: { $0.route.name == name }) else {
                throw CommandFailure(
                    .usage, "the plan has no route \(name)",
                    next: "There is: " + routes.map(\.route.name).joined(separator: ", "))
            }
            return found.router
        }
    }

    /// Green's share on the command line.
    struct Share: ParsableArguments {
        @Option(help: ArgumentHelp("Green's share of the traffic, 0 to 100; blue has the rest.", valueName: "percent"))
        var green: Int

        /// As weights.
        func weights() throws -> Weights {
            guard let weights = Weights(green: green) else {
                throw CommandFailure(.usage, "--green \(green): a share lies between 0 and 100")
            }
            return weights
        }
    }

    /// `kirikae route show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read the weights of all routes of a plan.")

        @OptionGroup var routes: Routes
        @OptionGroup var format: OutputOptions

        func run() async throws {
            var lines: [String] = []
            var members = JSONObject()
            for (route, router) in try routes.open() {
                let state = try await RouteCommand.attempt(route.name) { () throws(RoutingError) in
                    try await router.read()
                }
                let open = try await RouteCommand.attempt(route.name) { () throws(RoutingError) in
                    try await router.openConnections()
                }
                let counted = open.map { "; open: blue \($0.blue), green \($0.green)" } ?? ""
                lines.append("\(route.name) (\(route.backend)): \(state.weights)\(counted)")
                var member: JSONValue = [
                    "blue": .integer(Int64(state.weights.blue)), "green": .integer(Int64(state.weights.green)),
                ]
                if let open {
                    member["open"] = ["blue": .integer(Int64(open.blue)), "green": .integer(Int64(open.green))]
                }
                members[route.name] = member
            }
            Console().result(
                format.output == .json ? JSONValue.object(members).indentedText : lines.joined(separator: "\n"))
        }
    }

    /// `kirikae route set`.
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the weights of one route, by compare-and-set against what was just read.")

        @OptionGroup var routes: Routes
        @Argument(help: "The route.") var route: String
        @OptionGroup var share: Share
        @Flag(help: "Print what would be sent, and ask nobody.") var dryRun = false
        @OptionGroup var confirmation: ConfirmOptions

        func run() async throws {
            let weights = try share.weights()
            let router = try routes.open(route)
            if dryRun {
                let lines = try await RouteCommand.attempt(route) { () throws(RoutingError) in
                    try router.plan(weights)
                }
                Console().result(lines.joined(separator: "\n"))
                return
            }
            let before = try await RouteCommand.attempt(route) { () throws(RoutingError) in try await router.read() }
            try confirmation.confirm(
                try PlanFolder.read(routes.plan).plan, "About to set route \(route): \(before.weights) → \(weights)")
            try await RouteCommand.attempt(route) { () throws(RoutingError) in
                try await router.set(weights, expecting: before)
            }
            let after = try await RouteCommand.attempt(route) { () throws(RoutingError) in try await router.read() }
            Console().result("\(route): \(after.weights)")
            if after.weights != weights { throw ExitStatus.notAsWanted.exitCode }
        }
    }

    /// `kirikae route verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask whether traffic really flows by these weights; exit code 1 when not, or not yet.")

        @OptionGroup var routes: Routes
        @Argument(help: "The route.") var route: String
        @OptionGroup var share: Share

        func run() async throws {
            let weights = try share.weights()
            let router = try routes.open(route)
            let answer = try await RouteCommand.attempt(route) { () throws(RoutingError) in
                try await router.verify(weights)
            }
            let console = Console()
            switch answer {
            case .verified: console.result("\(route): \(weights)")
            case .pending(let why), .unverifiable(let why):
                console.result("\(route): \(why)")
                throw ExitStatus.notAsWanted.exitCode
            }
        }
    }

    /// Turns a back end's error into one of the command line.
    private static func attempt<Value: Sendable>(
        _ route: String, _ body: () async throws(RoutingError) -> Value
    ) async throws -> Value {
        do { return try await body() } catch {
            let status: ExitStatus =
                switch error.code {
                case .unreachable, .ambiguous: .unreachable
                case .notKept: .notAsWanted
                case .conflict, .refused: .notAsWanted
                case .invalidConfiguration: .usage
                }
            throw CommandFailure(status, "route \(route): \(error.message)")
        }
    }
}
