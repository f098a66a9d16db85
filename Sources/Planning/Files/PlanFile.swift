import FoundationEssentials
public import Manifests
import Routing

/// Reads and writes a plan's folder: `plan.yaml`, `objects.jsonl` and `WAY-BACK.md`.
///
/// `plan.yaml` carries the digest of its own content, and the content the digest of `objects.jsonl`. Whoever edits one
/// of them by hand is told so by name instead of being obeyed: a plan is changed by planning again.
public enum PlanFile {
    /// The plan's file.
    public static let planName = "plan.yaml"
    /// The file of ``PlannedObject`` lines.
    public static let objectsName = "objects.jsonl"
    /// The file for a person without kirikae.
    public static let wayBackName = "WAY-BACK.md"

    static let apiVersion = "kirikae.dev/v1"
    static let kind = "Plan"

    /// A plan as it was read from its folder.
    public struct Contents: Sendable {
        public let plan: Plan
        /// In the order of the file.
        public let objects: [PlannedObject]
        /// Over the plan's canonical JSON; runs and locks are bound to it.
        public let digest: Digest

        /// The lines that steps refer to, by the name under which each object was read; skipped ones are left out.
        public var byReference: [ObjectReference: PlannedObject] {
            Dictionary(
                objects.filter { $0.disposition != .skip }.map { ($0.object, $0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// The digest by which runs name a plan: over its canonical JSON, without the header of the file.
    public static func digest(of plan: Plan) throws -> Digest { Digest(of: try PlanCoding.json(plan)) }

    /// The bytes of `plan.yaml`.
    public static func planText(_ plan: Plan) throws(PlanFileError) -> String {
        let json: JSONValue
        do { json = try PlanCoding.json(plan) } catch {
            throw PlanFileError(.unwritable, "the plan cannot be encoded: \(error)")
        }
        var members = json.object ?? [:]
        members["apiVersion"] = .string(apiVersion)
        members["kind"] = .string(kind)
        members["digest"] = .string(Digest(of: json).description)
        return "# Made by kirikae plan. Do not edit: the digest shows it. Change migration.yaml and plan again.\n"
            + YAML.text(.object(members), keyOrder: keyOrder)
    }

    /// The bytes of `objects.jsonl`: one canonical JSON value a line.
    public static func objectLines(_ objects: [PlannedObject]) -> [UInt8] {
        var bytes: [UInt8] = []
        for object in objects {
            // A value of plain types always encodes.
            guard let json = try? PlanCoding.json(object) else { continue }
            bytes += json.canonicalBytes
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Writes the three files.
    ///
    /// `plan.yaml` comes last and binds the others by digest: a crash in between leaves the old plan with objects that
    /// do not belong to it, which reading refuses; it never leaves a wrong plan that reads.
    ///
    /// - Returns: the plan's digest.
    @discardableResult
    public static func write(_ planned: PlannedMigration, to folder: String) throws(PlanFileError) -> Digest {
        let text = try planText(planned.plan)
        let digest: Digest
        do { digest = try self.digest(of: planned.plan) } catch {
            throw PlanFileError(.unwritable, "the plan cannot be encoded: \(error)")
        }
        do {
            try DurableFile.createFolder(folder)
            try DurableFile.replace("\(folder)/\(objectsName)", with: objectLines(planned.objects))
            try DurableFile.replace("\(folder)/\(wayBackName)", with: Array(planned.wayBack.utf8))
            try DurableFile.replace("\(folder)/\(planName)", with: Array(text.utf8))
        } catch {
            throw PlanFileError(
                .unwritable, "\(error.message). Make room or choose another folder, then plan again", file: folder)
        }
        return digest
    }

    private static let keyOrder =
        [
            "apiVersion", "kind", "format", "name", "digest", "tool", "takenAt", "blue", "green", "inputs",
            "accounting", "hazards", "routes", "waves", "wayBack", "id", "title", "checkpoint", "wave",
        ]
}

/// Why a plan's folder cannot be used.
///
/// Nothing has been done when this is thrown.
public struct PlanFileError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble.
    public enum Code: String, Sendable, Hashable {
        /// A file is missing or cannot be read.
        case unreadable
        /// A file cannot be written.
        case unwritable
        /// Not a plan, or not as the format wants it.
        case malformed
        /// Written by a newer kirikae.
        case newerFormat
        /// Its content is not what was written: edited by hand, or the files are of different plans.
        case edited
        /// It names steps, routes or objects that are not there.
        case inconsistent
    }

    public var code: Code
    /// What is wrong and what to type next.
    public var message: String
    /// The file or folder.
    public var file: String?
    public var location: SourceLocation?

    public init(_ code: Code, _ message: String, file: String? = nil, location: SourceLocation? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.location = location
    }

    public var description: String {
        if let location { return "\(location): \(message)" }
        return file.map { "\($0): \(message)" } ?? message
    }
}
