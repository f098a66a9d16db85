import FoundationEssentials
import Manifests
import Testing

@testable import Routing

/// A folder of its own for one test, with a file of two routes and members of other people.
struct FileBench: RouterBench {
    let folder: String
    var path: String { "\(folder)/routes.json" }

    static let initial = """
        {"comment": "read by the balancer", "version": 7,
         "routes": {"shop": {"blue": 100, "green": 0, "owner": "web"}, "blog": {"blue": 60, "green": 40}}}
        """

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/kirikae-routes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(Self.initial)
    }

    func write(_ text: String) throws {
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
    }

    func json() throws -> JSONValue { try JSONValue(parsing: try contents()) }
    func contents() throws -> [UInt8] { try DurableFile.read(path) }

    func router(_ route: String) throws -> FileRouter {
        try FileRouter(
            settings: ["path": "routes.json", "route": .string(route)], ports: RouterPorts(folder: folder))
    }

    func router() throws -> FileRouter { try router("shop") }

    // Nobody answers for a file: it can only be gone.
    func router(_ fault: RouterFault) throws -> FileRouter? {
        guard fault == .unreachable else { return nil }
        return try FileRouter(
            settings: ["path": "gone.json", "route": "shop"], ports: RouterPorts(folder: folder))
    }

    func meddle(_ weights: Weights) async throws {
        var document = try json()
        document["routes.shop.blue" as FieldPath] = .integer(Int64(weights.blue))
        document["routes.shop.green" as FieldPath] = .integer(Int64(weights.green))
        document["routes.shop.owner" as FieldPath] = "somebody else"
        try write(document.canonicalText)
    }

    func truth() async throws -> Weights {
        let green = try #require(try json()["routes.shop.green" as FieldPath]?.integer)
        return try #require(Weights(green: Int(green)))
    }

    func restart() async throws -> Bool { false }

    static let invalidSettings: [(settings: JSONValue, place: String)] = [
        ([:], "path"), ("routes.json", ""), (["path": "routes.json"], "route"), (["route": "shop"], "path"),
        (["path": "", "route": "shop"], "path"), (["path": "routes.json", "route": ""], "route"),
        (["path": "routes.json", "route": "shop", "tokn": "x"], "tokn"), (["path": 1, "route": "shop"], "path"),
    ]
}

@Suite("File back end")
struct FileRouterTests {
    @Test("does what every back end must do")
    func conforms() async throws {
        try await RouterConformance { try FileBench() }.runAll()
    }

    @Test("leaves everything alone that is not its own")
    func foreignMembersSurvive() async throws {
        let bench = try FileBench()
        let router = try bench.router()
        try await router.set(.allGreen, expecting: try await router.read())
        var expected = try JSONValue(parsing: Array(FileBench.initial.utf8))
        expected["routes.shop.blue" as FieldPath] = 0
        expected["routes.shop.green" as FieldPath] = 100
        #expect(try bench.json() == expected)
    }

    @Test("two routes of one file do not disturb each other")
    func routesAreIndependent() async throws {
        let bench = try FileBench()
        let shop = try bench.router("shop")
        let blog = try bench.router("blog")
        let shopState = try await shop.read()
        let blogState = try await blog.read()
        try await shop.set(.allGreen, expecting: shopState)
        try await blog.set(.allBlue, expecting: blogState)
        #expect(try await shop.read().weights == .allGreen)
        #expect(try await blog.read().weights == .allBlue)
    }

    @Test("writers of different routes all succeed")
    func concurrentRoutes() async throws {
        let bench = try FileBench()
        let routes = (0..<12).map { "r\($0)" }
        let members = routes.map { (key: $0, value: ["blue": 100, "green": 0] as JSONValue) }
        try bench.write(JSONValue.object(["routes": .object(JSONObject(members))]).canonicalText)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for route in routes {
                group.addTask {
                    let router = try bench.router(route)
                    for share in 1...5 {
                        let weights = try #require(Weights(green: share))
                        try await router.set(weights, expecting: try await router.read())
                    }
                }
            }
            try await group.waitForAll()
        }
        for route in routes { #expect(try await bench.router(route).read().weights.green == 5) }
    }

    @Test("keeps the file's permissions, and a symbolic link a link")
    func keepsModeAndLink() async throws {
        let bench = try FileBench()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: bench.path)
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder + "/link.json", withDestinationPath: bench.path)
        let router = try FileRouter(
            settings: ["path": "link.json", "route": "shop"], ports: RouterPorts(folder: bench.folder))
        try await router.set(.allGreen, expecting: try await router.read())
        #expect(POSIX.permissions(of: bench.path) == 0o640)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: bench.folder + "/link.json") == bench.path)
        #expect(try await bench.router().read().weights == .allGreen)
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        #expect(Set(names) == ["routes.json", "link.json", "routes.json.lock"], "no temporary file stays behind")
    }

    @Test(
        "refuses what is not a split of traffic",
        arguments: [
            (#"{"routes": {"shop": {"blue": 0, "green": 0}}}"#, RoutingError.Code.refused),
            (#"{"routes": {"shop": {"blue": 100, "green": 1}}}"#, .refused),
            (#"{"routes": {"shop": {"blue": 150, "green": -50}}}"#, .refused),
            (#"{"routes": {"shop": {"blue": 99.5, "green": 0.5}}}"#, .refused),
            (#"{"routes": {"shop": {"blue": "100", "green": "0"}}}"#, .refused),
            (#"{"routes": {"shop": 100}}"#, .refused),
            (#"{"routes": {"blog": {"blue": 100, "green": 0}}}"#, .invalidConfiguration),
            (#"{}"#, .invalidConfiguration),
            (#"{"routes": {"shop": {"blue": 100, "gre"#, .refused),
            ("", .refused),
        ])
    func refusesNonsense(text: String, code: RoutingError.Code) async throws {
        let bench = try FileBench()
        try bench.write(text)
        let error = await #expect(throws: RoutingError.self) { try await bench.router().read() }
        #expect(error?.code == code)
    }

    @Test("says what to type when the file is not there")
    func missingFile() async throws {
        let router = try FileRouter(
            settings: ["path": "nowhere.json", "route": "shop"], ports: RouterPorts(folder: "/nonexistent"))
        let error = await #expect(throws: RoutingError.self) { try await router.read() }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("/nonexistent/nowhere.json") == true)
        #expect(error?.message.contains(#"{"routes": {"shop": {"blue": 100, "green": 0}}}"#) == true)
    }

    @Test("writes nothing when the folder cannot be written to")
    func unwritableFolder() async throws {
        let bench = try FileBench()
        let state = try await bench.router().read()
        // A folder in the place of the temporary file stands for a full disk: also root cannot write there.
        try FileManager.default.createDirectory(
            atPath: "\(bench.path).new-\(POSIX.processID)", withIntermediateDirectories: false)
        let error = await #expect(throws: RoutingError.self) {
            try await bench.router().set(.allGreen, expecting: state)
        }
        #expect(error?.code == .refused)
        #expect(try await bench.router().read() == state)
    }

    @Test("sees a change to its entry that is no change of weights")
    func foreignMemberOfTheEntry() async throws {
        let bench = try FileBench()
        let state = try await bench.router().read()
        var document = try bench.json()
        document["routes.shop.owner" as FieldPath] = "somebody else"
        try bench.write(document.canonicalText)
        let error = await #expect(throws: RoutingError.self) {
            try await bench.router().set(.allGreen, expecting: state)
        }
        #expect(error?.code == .conflict)
    }

    @Test("tells a person without kirikae what to write")
    func byHand() throws {
        let text = try #require(
            RouterRegistry.byHand(
                kind: "file", settings: ["path": "it's.json", "route": "shop"], weights: .allBlue))
        #expect(text.contains(#"{"blue":100,"green":0}"#))
        #expect(text.contains(#"'it'\''s.json'"#))
        #expect(RouterRegistry.byHand(kind: "none", settings: [:], weights: .allBlue) == nil)
    }
}
