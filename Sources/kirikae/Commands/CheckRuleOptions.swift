import ArgumentParser
import Catalog
import Findings
import Manifests

/// Which rules `check` goes by.
struct CheckRuleOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Also hold every field of the built-in kinds against the target's own schemas: unknown fields, missing "
                + "ones, wrong types."))
    var strict = false

    /// The checks to run.
    func checks(target: KubernetesVersion) throws -> [any Check] {
        guard strict else { return Checks.all }
        let known = Catalog.builtInSchemas.releases
        guard known.contains(target) else {
            throw CommandFailure(
                .usage,
                "--strict needs the schemas of \(target), and those at hand are "
                    + "\(known.lowerBound) to \(known.upperBound)",
                next: "Leave out --strict, or check against \(known.upperBound).")
        }
        return Checks.all + Checks.strict
    }
}
