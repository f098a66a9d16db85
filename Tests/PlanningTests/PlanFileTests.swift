import FoundationEssentials
import Manifests
import Testing

@testable import Planning

@Suite("Plan files")
struct PlanFileTests {
    private func written() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try PlanFile.write(try Planner.plan(SmallShop.input()), to: folder.path)
        return folder
    }

    private func code(reading folder: TemporaryFolder) throws -> PlanFileError {
        try #require(#expect(throws: PlanFileError.self) { try PlanFile.read(folder.path) })
    }

    @Test("the plan's digest is the one that reading returns, and the file names it")
    func digest() throws {
        let planned = try Planner.plan(SmallShop.input())
        let folder = try TemporaryFolder()
        let digest = try PlanFile.write(planned, to: "\(folder.path)/a/b")
        #expect(try PlanFile.read("\(folder.path)/a/b").digest == digest)
        #expect(try PlanFile.digest(of: planned.plan) == digest)
        #expect(try folder.read("a/b/plan.yaml").contains(digest.description))
    }

    @Test("writing over an older plan leaves other files of the folder alone")
    func overwrites() throws {
        let folder = try written()
        try folder.write("mine", to: "migration.yaml")
        try PlanFile.write(try Planner.plan(SmallShop.input(Array(SmallShop.objects.dropLast()))), to: folder.path)
        #expect(try folder.read("migration.yaml") == "mine")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == ["migration.yaml", "plan.yaml", "objects.jsonl", "WAY-BACK.md"])
        #expect(throws: Never.self) { try PlanFile.read(folder.path) }
    }

    @Test(
        "an edit by hand is called that, wherever it is made",
        arguments: [
            ("plan.yaml", "timeout: 600", "timeout: 6000"), ("plan.yaml", "green: 10", "green: 11"),
            ("plan.yaml", "Create Services", "Create services"),
            ("objects.jsonl", "registry.example/app:1", "registry.example/app:2"),
            ("objects.jsonl", "\"disposition\":\"skip\"", "\"disposition\":\"copy\""),
        ])
    func edited(file: String, old: String, new: String) throws {
        let folder = try written()
        var text = try folder.read(file)
        text.replaceSubrange(try #require(text.firstRange(of: old)), with: new)
        try folder.write(text, to: file)
        let error = try code(reading: folder)
        #expect(error.code == .edited)
        #expect(error.description.contains(file))
        #expect(error.message.contains("kirikae plan"))
    }

    @Test("comments and layout may change: the digest is over what the file says")
    func comments() throws {
        let folder = try written()
        try folder.write("# reviewed by the team\n" + (try folder.read("plan.yaml")), to: "plan.yaml")
        #expect(throws: Never.self) { try PlanFile.read(folder.path) }
    }

    @Test("files of two plans do not go together")
    func mixed() throws {
        let folder = try written()
        let other = try TemporaryFolder()
        try PlanFile.write(try Planner.plan(SmallShop.input(Array(SmallShop.objects.dropLast()))), to: other.path)
        try folder.write(try other.read("objects.jsonl"), to: "objects.jsonl")
        #expect(try code(reading: folder).code == .edited)
    }

    /// Writes a plan whose document was changed and whose digest was made to fit, as no editor would do by accident.
    private func forged(_ change: (inout JSONValue) -> Void) throws -> PlanFileError {
        let folder = try written()
        var document = try #require(YAML.documents(Array(try folder.read("plan.yaml").utf8), file: "plan").first).value
        change(&document)
        var content = document
        for header in ["apiVersion", "kind", "digest"] { content[header] = nil }
        document["digest"] = .string(Digest(of: content).description)
        try folder.write(YAML.text(document), to: "plan.yaml")
        return try code(reading: folder)
    }

    @Test("a newer format, unknown fields and unknown steps are refused with their place")
    func format() throws {
        #expect(try forged { $0["format"] = 2 }.code == .newerFormat)
        let unknown = try forged { $0["waves[0].steps[0].retries" as FieldPath] = 3 }
        #expect(unknown.code == .malformed)
        #expect(unknown.message.contains("waves[0].steps[0].retries"))
        #expect(unknown.location != nil)
        #expect(try forged { $0["waves[0].steps[0].kind" as FieldPath] = "teleport" }.code == .malformed)
        #expect(try forged { $0["waves" as FieldPath] = nil }.code == .malformed)
        #expect(try forged { $0["kind" as FieldPath] = "Deployment" }.code == .malformed)
    }

    @Test("a plan that contradicts itself is refused")
    func inconsistent() throws {
        #expect(try forged { $0["accounting.read" as FieldPath] = 1 }.code == .inconsistent)
        #expect(try forged { $0["routes" as FieldPath] = [] }.code == .inconsistent)
        #expect(try forged { $0["waves[0].steps[1].dependsOn" as FieldPath] = ["nowhere"] }.code == .inconsistent)
        #expect(try forged { $0["inputs.objects.file" as FieldPath] = "../other.jsonl" }.code == .inconsistent)
    }

    @Test("what is missing or cut off is named, and nothing is guessed")
    func broken() throws {
        let nothing = try TemporaryFolder()
        #expect(try code(reading: nothing).code == .unreadable)
        let folder = try written()
        try FileManager.default.removeItem(atPath: "\(folder.path)/objects.jsonl")
        #expect(try code(reading: folder).code == .unreadable)
        let cut = try written()
        try cut.write(String(try cut.read("plan.yaml").dropLast(40)), to: "plan.yaml")
        #expect([.edited, .malformed].contains(try code(reading: cut).code))
        let folded = try written()
        #expect(throws: PlanFileError.self) {
            try PlanFile.write(try Planner.plan(SmallShop.input()), to: "\(folded.path)/plan.yaml/below")
        }
    }
}
