public import Manifests

/// CronJob: batch/v2alpha1, batch/v1beta1 and batch/v1 have the same fields.
///
/// When migrating, a time zone written into the schedule (`TZ=UTC 0 3 * * *`), which servers refuse for new objects
/// since 1.29, moves to `spec.timeZone`, which servers know by default since 1.25.
public struct CronJobConversion: KindConversion {
    public let versions = ["v2alpha1", "v1beta1", "v1"].map {
        GroupVersionKind(group: "batch", version: $0, kind: "CronJob")
    }
    public let keepsFields = true

    /// The one conversion there is.
    public init() {}

    public func convert(
        _ object: KubeObject, to target: GroupVersionKind, for purpose: ConversionPurpose
    ) throws(ConversionError) -> ConversionResult {
        var result = ConversionResult(object: object.renamed(target), notes: [])
        guard purpose.repairs(since: 25), target.version == "v1", let schedule = object["spec.schedule"]?.string,
            let (zone, rest) = Self.timeZone(in: schedule)
        else { return result }
        guard object["spec.timeZone"]?.present == nil else {
            throw ConversionError(
                code: .malformed,
                message: "the schedule names the time zone \(zone) and spec.timeZone names one too; keep one of them",
                object: object.reference, path: "spec.schedule")
        }
        result.object["spec.schedule"] = .string(rest)
        result.object["spec.timeZone"] = .string(zone)
        result.notes.append("the time zone \(zone) moved from spec.schedule to spec.timeZone")
        return result
    }

    /// The zone and the remaining five fields, when the schedule starts with `TZ=` or `CRON_TZ=`.
    static func timeZone(in schedule: String) -> (zone: String, rest: String)? {
        for prefix in ["TZ=", "CRON_TZ="] where schedule.hasPrefix(prefix) {
            let parts = schedule.dropFirst(prefix.count).split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let zone = parts.first, let rest = parts.last else { return nil }
            return (String(zone), String(rest.drop { $0 == " " }))
        }
        return nil
    }
}
