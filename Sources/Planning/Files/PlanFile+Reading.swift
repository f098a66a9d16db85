import FoundationEssentials
public import Manifests
import Routing

extension PlanFile {
    /// Reads a plan's folder and verifies that it is what `kirikae plan` wrote: format, digests, fields, references.
    public static func read(_ folder: String) throws(PlanFileError) -> Contents {
        try read(
            plan: try bytes(of: "\(folder)/\(planName)"), objects: try bytes(of: "\(folder)/\(objectsName)"),
            folder: folder)
    }

    /// Reads the bytes of the two files and verifies them in the same way; `folder` is for messages.
    public static func read(
        plan planBytes: [UInt8], objects lines: [UInt8], folder: String
    ) throws(PlanFileError) -> Contents {
        let planPath = "\(folder)/\(planName)"
        let objectsPath = "\(folder)/\(objectsName)"
        let (plan, digest) = try decodePlan(planBytes, file: planPath)
        guard plan.inputs.objects.file == objectsName else {
            throw PlanFileError(
                .inconsistent, "names '\(plan.inputs.objects.file)' instead of \(objectsName); plan again",
                file: planPath)
        }
        guard Digest.sha256(lines) == plan.inputs.objects.digest else {
            throw PlanFileError(
                .edited,
                "edited by hand, or of another plan than \(planName): its digest is not the one the plan names. "
                    + "Restore the file, or run: kirikae plan -f migration.yaml --out \(folder)", file: objectsPath)
        }
        let objects = try decodeObjects(lines, file: objectsPath)
        try checkReferences(plan, objects, file: planPath)
        return Contents(plan: plan, objects: objects, digest: digest)
    }

    /// Reads the text of `plan.yaml` and verifies its digest.
    static func decodePlan(_ bytes: [UInt8], file: String) throws(PlanFileError) -> (Plan, Digest) {
        let documents: [SourceDocument]
        do { documents = try YAML.documents(bytes, file: file) } catch {
            throw PlanFileError(.malformed, error.message, file: file, location: error.location)
        }
        guard documents.count == 1, let document = documents.first, var members = document.value.object,
            members["apiVersion"]?.string == apiVersion, members["kind"]?.string == kind
        else {
            throw PlanFileError(
                .malformed, "not a plan: it must be one document with apiVersion: \(apiVersion) and kind: \(kind)",
                file: file)
        }
        guard let format = members["format"]?.integer, format >= 1 else {
            throw PlanFileError(.malformed, "names no format", file: file, location: document.location(of: "format"))
        }
        guard format <= Plan.currentFormat else {
            throw PlanFileError(
                .newerFormat,
                "format \(format) is newer than this kirikae knows (\(Plan.currentFormat)); use a newer one, or plan again",
                file: file, location: document.location(of: "format"))
        }
        let written = members["digest"]?.string
        for header in ["apiVersion", "kind", "digest"] { members[header] = nil }
        let digest = Digest(of: .object(members))
        guard written == digest.description else {
            throw PlanFileError(
                .edited,
                "edited by hand: its content has the digest \(digest.short), the file says "
                    + "\(written.flatMap { Digest($0) }?.short ?? "none"). A plan is changed by changing migration.yaml "
                    + "and running kirikae plan again", file: file, location: document.location(of: "digest"))
        }
        do { return (try PlanCoding.decode(Plan.self, from: .object(members)), digest) } catch {
            let trouble = DecodingTrouble(error)
            throw PlanFileError(
                .malformed, "\(trouble.message); plan again with this kirikae", file: file,
                location: document.location(of: trouble.path))
        }
    }

    private static func decodeObjects(_ bytes: [UInt8], file: String) throws(PlanFileError) -> [PlannedObject] {
        var objects: [PlannedObject] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                objects.append(try PlanCoding.decode(PlannedObject.self, from: try JSONValue(parsing: Array(line))))
            } catch {
                throw PlanFileError(
                    .malformed, DecodingTrouble(error).message, file: file,
                    location: SourceLocation(file: file, line: index + 1, column: 1))
            }
        }
        return objects
    }

    /// What an engine would otherwise stumble over in the middle of a run.
    private static func checkReferences(_ plan: Plan, _ objects: [PlannedObject], file: String) throws(PlanFileError) {
        func refuse(_ message: String) throws(PlanFileError) -> Never {
            throw PlanFileError(.inconsistent, "\(message); plan again", file: file)
        }
        if objects.count != plan.inputs.objects.count {
            try refuse("the plan counts other objects than its file holds")
        }
        if !plan.accounting.addsUp { try refuse("the plan's counts do not add up") }
        let known = Set(objects.filter { $0.disposition != .skip }.map(\.object))
        let routes = Set(plan.routes.map(\.name))
        var ids: Set<String> = []
        var checkpoints: Set<String> = []
        for (wave, step) in plan.steps {
            for dependency in step.dependsOn where !ids.contains(dependency) {
                try refuse("step \(step.id) depends on \(dependency), which does not come before it")
            }
            if !ids.insert(step.id).inserted { try refuse("two steps are called \(step.id)") }
            if case .gate(let gate) = step.action {
                if let target = gate.returnTo, !checkpoints.contains(target) {
                    try refuse("gate \(step.id) returns to \(target), which does not come before it")
                }
                if let baseline = gate.baseline, !ids.contains(baseline) {
                    try refuse("gate \(step.id) compares with \(baseline), which does not come before it")
                }
            }
            if let name = step.checkpointName, !checkpoints.insert(name).inserted {
                try refuse("two checkpoints are called \(name)")
            }
            for object in step.action.objects where !known.contains(object) {
                try refuse("step \(step.id) of wave \(wave.name) names \(object), which \(objectsName) does not carry")
            }
            if case .route(let action) = step.action, !routes.contains(action.route) {
                try refuse("step \(step.id) names the route \(action.route), which is not declared")
            }
        }
    }

    private static func bytes(of path: String) throws(PlanFileError) -> [UInt8] {
        do { return try DurableFile.read(path) } catch {
            throw PlanFileError(.unreadable, "\(error.message). Is this the folder of a plan?", file: path)
        }
    }
}

extension StepAction {
    /// Every object the step names.
    public var objects: [ObjectReference] {
        switch self {
        case .apply(let action): action.objects
        case .verify(let action): action.objects
        case .waitReady(let action): action.objects
        case .setFields(let action): action.changes.map(\.object)
        case .route, .measure, .gate, .checkpoint: []
        }
    }
}
