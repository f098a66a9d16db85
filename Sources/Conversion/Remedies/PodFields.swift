import Manifests

/// `serviceAccount`, the old name of `serviceAccountName`, which counts only where that is absent.
struct ServiceAccountRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let name = work.text(at: place) else { return }
        let field = place.parent.member("serviceAccountName")
        work.object[place] = nil
        if work.text(at: field)?.isEmpty ?? true { work.object[field] = .string(name) }
    }
}

/// `source` of a pod's resource claims, whose members moved up one level.
struct ClaimSourceRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let source = work.object[place]?.object else { return }
        let claim = place.parent
        for (name, value) in source where !value.isNull {
            guard work.object[claim.member(name)]?.present == nil else { return }
        }
        work.object[place] = nil
        for (name, value) in source where !value.isNull { work.object[claim.member(name)] = value }
    }
}

/// A toleration of the old taint of control-plane nodes gets one of the new taint beside it.
struct MasterTolerationRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard case .index(let index)? = place.parent.elements.last,
            case .array(var tolerations)? = work.object[place.up(2)], tolerations.indices.contains(index)
        else { return }
        var added = tolerations[index]
        added["key"] = "node-role.kubernetes.io/control-plane"
        guard !tolerations.contains(added) else { return }
        // At the end, so that the places of other tolerations stay what they are.
        tolerations.append(added)
        work.object[place.up(2)] = .array(tolerations)
    }
}

/// A time zone in front of a CronJob's schedule moves to its field.
struct TimeZoneRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let schedule = work.text(at: place), let (zone, rest) = CronJobConversion.timeZone(in: schedule) else {
            return work.leave(
                place, "the time zone stands where it cannot be told from the schedule",
                remedy: "Write spec.schedule without it, and spec.timeZone.")
        }
        guard work.object["spec.timeZone"]?.present == nil else {
            return work.leave(
                place, "the schedule names the time zone \(zone) and spec.timeZone names one too",
                remedy: "Keep one of them.")
        }
        work.object["spec.schedule"] = .string(rest)
        work.object["spec.timeZone"] = .string(zone)
        work.note(place, "named the time zone \(zone), which moved to spec.timeZone")
    }
}
