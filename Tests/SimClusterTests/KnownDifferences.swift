/// A step that the simulator answers otherwise than the recorded server, with the reason why that stands.
///
/// The table may only shrink: a step that agrees must be taken out, and the test says so.
struct KnownDifference: Sendable {
    /// Why, for many steps at once.
    enum Reason: String, Sendable {
        case noSchemas = "types and unknown fields of built-in kinds are not checked yet"
        case noAuthorization = "everyone may do everything"
        case noCEL = "rules in CEL are not evaluated yet"
        case noDefinitionChecks = "schemas within a CustomResourceDefinition are not checked themselves yet"
        case rareField = "a rule for a field that migrations do not meet"
        case oldBeta = "the betas' own rules, stricter here or there than v1's"
        case oldQuirk = "the code is the one that later minors give"
        case strictReader = "duplicate members and invalid UTF-8 are refused on reading"
        case provisioner = "claims are bound here; the recorded cluster had nothing that binds them"
        case protobuf = "only JSON and YAML are served"
        case recorder = "depends on what the recorder did between the steps or left out of the file"
    }

    var trace: String
    /// The step's name, or its beginning followed by `*`.
    var step: String
    var versions: [String] = all
    var reason: Reason

    /// Whether the entry speaks of that step.
    func covers(_ name: String, _ trace: String, _ version: String) -> Bool {
        self.trace == trace && versions.contains(version)
            && (step.hasSuffix("*") ? name.hasPrefix(step.dropLast()) : name == step)
    }

    static let all = ["1.20.2", "1.25.10", "1.36.3"]
    static let old = ["1.20.2"]
    static let middle = ["1.20.2", "1.25.10"]
    static let modern = ["1.25.10", "1.36.3"]
}
