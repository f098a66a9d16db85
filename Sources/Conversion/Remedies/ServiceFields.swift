import Manifests

/// `ipFamily`, the alpha field, becomes the list and the policy that took its place.
struct IPFamilyRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let family = work.text(at: place) else { return }
        work.object[place] = nil
        if work.object["spec.ipFamilies"]?.present == nil {
            work.object["spec.ipFamilies"] = [.string(family)]
        }
        if work.object["spec.ipFamilyPolicy"]?.present == nil {
            work.object["spec.ipFamilyPolicy"] = "SingleStack"
        }
    }
}

/// `topologyKeys`, where a field of today says the same.
///
/// Those that name no last resort sent nothing anywhere when nothing near was ready; no field says that but for the
/// node itself.
struct TopologyKeysRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        let keys = (work.object[place]?.array ?? []).compactMap(\.string)
        let isFree =
            work.object["spec.trafficDistribution"]?.present == nil
            && work.object["spec.internalTrafficPolicy"]?.present == nil
        let zones: Set<String> = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]
        switch (keys.first, keys.last, keys.count) {
        case (_, _, 0), ("*", _, 1): work.object[place] = nil
        case ("kubernetes.io/hostname", _, 1) where isFree:
            work.object[place] = nil
            work.object["spec.internalTrafficPolicy"] = "Local"
        case (let zone?, "*", 2) where isFree && zones.contains(zone) && work.target.minor >= 31:
            work.object[place] = nil
            work.object["spec.trafficDistribution"] = "PreferClose"
        case ("kubernetes.io/hostname", "*", 2) where isFree && work.target.minor >= 35:
            work.object[place] = nil
            work.object["spec.trafficDistribution"] = "PreferSameNode"
        default:
            work.leave(
                place, "no field of a Service of \(work.target) says the same as these topology keys",
                remedy: "Choose between internalTrafficPolicy: Local and trafficDistribution, or remove them.")
        }
    }
}

/// The first spelling of the annotation for topology-aware routing, as long as the second is not on its way out too.
struct TopologyHintsRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let mode = work.text(at: place) else { return }
        let other = place.parent.member("service.kubernetes.io/topology-mode")
        if mode.lowercased() == "disabled" || work.text(at: other) == mode { return work.drop(place) }
        guard work.target.minor < 33, work.object[other] == nil else { return }
        work.object[place] = nil
        work.object[other] = .string(mode == "auto" ? "Auto" : mode)
    }
}

/// IP addresses and ranges in the one form that strict servers take, meaning what lenient servers read.
struct CanonicalAddressRemedy: Remedy {
    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let text = work.text(at: place), let canonical = Self.canonical(text), canonical != text else { return }
        work.object[place] = .string(canonical)
        work.note(place, "was \(text), which servers read as \(canonical)")
    }

    /// Nil for what is no IPv4 address or range.
    static func canonical(_ text: String) -> String? {
        let lowered = text.lowercased()
        let mapped = lowered.hasPrefix("::ffff:") && lowered.contains(".")
        let parts = (mapped ? Substring(text.dropFirst(7)) : text[...])
            .split(separator: "/", omittingEmptySubsequences: false)
        // A mapped range counts its prefix in the longer address.
        guard let address = parts.first, parts.count <= (mapped ? 1 : 2) else { return nil }
        // Leading zeros are decimal to servers, not octal.
        let octets = address.split(separator: ".", omittingEmptySubsequences: false).map { octet -> UInt32? in
            octet.isEmpty || octet.count > 3 || !octet.allSatisfy(\.isNumber) ? nil : UInt32(octet)
        }
        guard octets.count == 4, octets.allSatisfy({ $0.map { $0 < 256 } ?? false }) else { return nil }
        var bits = octets.reduce(UInt32(0)) { $0 << 8 | ($1 ?? 0) }
        var suffix = ""
        if parts.count == 2 {
            guard let length = UInt32(parts[1]), length <= 32 else { return nil }
            bits = length == 0 ? 0 : bits & (UInt32.max << (32 - length))
            suffix = "/\(length)"
        }
        return [24, 16, 8, 0].map { String(bits >> $0 & 255) }.joined(separator: ".") + suffix
    }
}
