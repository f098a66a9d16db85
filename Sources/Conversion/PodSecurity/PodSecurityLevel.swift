public import Manifests

/// The levels of Pod Security admission, from the one that holds back most.
public enum PodSecurityLevel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case restricted, baseline, privileged

    /// From the strictest.
    public static func < (lhs: PodSecurityLevel, rhs: PodSecurityLevel) -> Bool {
        (allCases.firstIndex(of: lhs) ?? 0) < (allCases.firstIndex(of: rhs) ?? 0)
    }
}

/// The strictest level that admits the pods which a PodSecurityPolicy admits, and how the two differ.
///
/// A level only admits or refuses: what the policy wrote into pods has to stand in their templates, and what it held
/// back beyond the level is held back no more.
public struct PodSecurityMapping: Sendable, Hashable {
    /// The policy's name.
    public var policy: String
    public var level: PodSecurityLevel
    /// What the next stricter level would refuse.
    public var reasons: [String] = []
    /// What the policy wrote into pods that did not say it.
    public var mutations: [String] = []
    /// What the policy refuses and the level does not.
    public var loosened: [String] = []
    /// What the policy may admit and the level does not, though few pods ask for it.
    public var tightened: [String] = []

    /// For one PodSecurityPolicy of either group.
    public init(_ object: KubeObject) {
        let policy = Policy(object)
        self.policy = object.name
        let privileged = policy.beyondBaseline
        let baseline = policy.beyondRestricted
        if !privileged.isEmpty {
            (level, reasons) = (.privileged, privileged)
        } else if !baseline.isEmpty {
            (level, reasons) = (.baseline, baseline)
        } else {
            level = .restricted
        }
        mutations = policy.mutations
        loosened = policy.narrowings(than: level)
        tightened = level == .privileged ? [] : policy.allowances
    }

    /// What a person does about it, as sentences.
    public var advice: String {
        var sentences = [
            "Label each namespace whose pods use it pod-security.kubernetes.io/enforce: \(level.rawValue)"
                + (reasons.isEmpty ? "" : "; a stricter level refuses \(reasons.joined(separator: ", "))")
        ]
        if !mutations.isEmpty {
            sentences.append(
                "It wrote into pods, and their templates have to say now: \(mutations.joined(separator: ", "))")
        }
        if !loosened.isEmpty { sentences.append("No longer held back: \(loosened.joined(separator: ", "))") }
        if !tightened.isEmpty { sentences.append("Refused from now on: \(tightened.joined(separator: ", "))") }
        return sentences.joined(separator: ". ") + "."
    }
}

/// A PodSecurityPolicy's fields, as its admission reads them.
private struct Policy {
    private let object: KubeObject
    private let spec: JSONValue

    init(_ object: KubeObject) {
        self.object = object
        spec = object["spec"] ?? [:]
    }

    private static let ofBaseline: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]
    private static let volumesOfRestricted: Set<String> = [
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
        "none",
    ]

    private func words(_ name: String) -> [String] { (spec[name]?.array ?? []).compactMap(\.string) }
    private func isTrue(_ name: String) -> Bool { spec[name]?.bool ?? false }
    private func rule(_ name: String) -> String { spec[name]?["rule"]?.string ?? "RunAsAny" }
    private func ranges(_ name: String) -> [JSONValue] { spec[name]?["ranges"]?.array ?? [] }
    private func profiles(_ prefix: String) -> [String]? {
        object[annotation: "\(prefix)/allowedProfileNames"].map { text in
            text.split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
    }
    private var seccomp: [String]? { profiles("seccomp.security.alpha.kubernetes.io") }
    private var appArmor: [String]? { profiles("apparmor.security.beta.kubernetes.io") }
    private var capabilities: [String] { words("allowedCapabilities") + words("defaultAddCapabilities") }

    /// What it may admit that baseline refuses.
    var beyondBaseline: [String] {
        var found: [String] = []
        if isTrue("privileged") { found.append("privileged containers") }
        for name in ["hostPID", "hostIPC", "hostNetwork"] where isTrue(name) { found.append(name) }
        if !(spec["hostPorts"]?.array ?? []).isEmpty { found.append("host ports") }
        if words("volumes").contains(where: { $0 == "*" || $0 == "hostPath" }) { found.append("hostPath volumes") }
        let added = capabilities.filter { !Self.ofBaseline.contains($0) }
        if !added.isEmpty { found.append("added capabilities (\(added.joined(separator: ", ")))") }
        if !words("allowedUnsafeSysctls").isEmpty { found.append("unsafe sysctls") }
        if words("allowedProcMountTypes").contains("Unmasked") { found.append("an unmasked /proc") }
        let options = spec["seLinux"]?["seLinuxOptions"]
        if rule("seLinux") == "MustRunAs", options?["user"]?.present != nil || options?["role"]?.present != nil {
            found.append("a SELinux user or role")
        }
        if seccomp?.contains("unconfined") ?? false { found.append("seccomp turned off") }
        if appArmor?.contains("unconfined") ?? false { found.append("AppArmor turned off") }
        return found
    }

    /// What it may admit that restricted refuses.
    var beyondRestricted: [String] {
        var found: [String] = []
        let excludesRoot =
            !ranges("runAsUser").isEmpty && ranges("runAsUser").allSatisfy { ($0["min"]?.integer ?? 0) > 0 }
        if rule("runAsUser") != "MustRunAsNonRoot", !(rule("runAsUser") == "MustRunAs" && excludesRoot) {
            found.append("containers that run as root")
        }
        if spec["allowPrivilegeEscalation"]?.bool != false { found.append("privilege escalation") }
        if !words("requiredDropCapabilities").contains("ALL") { found.append("capabilities that are not dropped") }
        let added = capabilities.filter { $0 != "NET_BIND_SERVICE" }
        if !added.isEmpty { found.append("added capabilities (\(added.joined(separator: ", ")))") }
        let volumes = words("volumes").filter { !Self.volumesOfRestricted.contains($0) }
        if !volumes.isEmpty { found.append("volumes (\(volumes.joined(separator: ", ")))") }
        let confines =
            seccomp.map { names in
                !names.isEmpty
                    && names.allSatisfy {
                        $0 == "runtime/default" || $0 == "docker/default" || $0.hasPrefix("localhost/")
                    }
            } ?? false
        if !confines { found.append("pods without a seccomp profile") }
        return found
    }

    var mutations: [String] {
        var found: [String] = []
        let added = words("defaultAddCapabilities")
        if !added.isEmpty { found.append("capabilities.add \(added.joined(separator: ", "))") }
        let dropped = words("requiredDropCapabilities")
        if !dropped.isEmpty { found.append("capabilities.drop \(dropped.joined(separator: ", "))") }
        for (name, field) in [
            ("runAsUser", "runAsUser"), ("runAsGroup", "runAsGroup"), ("fsGroup", "fsGroup"),
            ("supplementalGroups", "supplementalGroups"),
        ] where rule(name) == "MustRunAs" {
            if let least = ranges(name).first?["min"]?.integer { found.append("\(field) \(least)") }
        }
        if rule("runAsUser") == "MustRunAsNonRoot" { found.append("runAsNonRoot true") }
        if let escalates = spec["defaultAllowPrivilegeEscalation"]?.bool {
            found.append("allowPrivilegeEscalation \(escalates)")
        } else if spec["allowPrivilegeEscalation"]?.bool == false {
            found.append("allowPrivilegeEscalation false")
        }
        if isTrue("readOnlyRootFilesystem") { found.append("readOnlyRootFilesystem true") }
        for (prefix, what) in [
            ("seccomp.security.alpha.kubernetes.io", "seccompProfile"),
            ("apparmor.security.beta.kubernetes.io", "appArmorProfile"),
        ] {
            if let name = object[annotation: "\(prefix)/defaultProfileName"] { found.append("\(what) \(name)") }
        }
        if let name = spec["runtimeClass"]?["defaultRuntimeClassName"]?.string {
            found.append("runtimeClassName \(name)")
        }
        return found
    }

    /// What it refuses that the level admits.
    func narrowings(than level: PodSecurityLevel) -> [String] {
        var found: [String] = []
        if level == .privileged {
            if !isTrue("privileged") { found.append("privileged containers") }
            for name in ["hostPID", "hostIPC", "hostNetwork"] where !isTrue(name) { found.append(name) }
            if !words("volumes").contains(where: { $0 == "*" || $0 == "hostPath" }) { found.append("hostPath volumes") }
            if !(spec["hostPorts"]?.array ?? []).isEmpty { found.append("host ports out of its ranges") }
            if !(spec["allowedHostPaths"]?.array ?? []).isEmpty { found.append("host paths that it did not list") }
            if !words("allowedCapabilities").contains("*") { found.append("capabilities that it did not list") }
        }
        if level != .restricted {
            if !beyondRestricted.contains("containers that run as root") { found.append("containers that run as root") }
            if spec["allowPrivilegeEscalation"]?.bool == false { found.append("privilege escalation") }
            if !words("volumes").contains("*") { found.append("volume types that it did not list") }
            if !words("requiredDropCapabilities").isEmpty { found.append("keeping the capabilities it dropped") }
        }
        for name in ["runAsUser", "runAsGroup", "fsGroup", "supplementalGroups"]
        where ["MustRunAs", "MayRunAs"].contains(rule(name)) {
            found.append("\(name) out of its ranges")
        }
        if rule("seLinux") == "MustRunAs" { found.append("other SELinux options") }
        if isTrue("readOnlyRootFilesystem") { found.append("writable root file systems") }
        if !(spec["allowedCSIDrivers"]?.array ?? []).isEmpty { found.append("inline volumes of other CSI drivers") }
        if !words("forbiddenSysctls").isEmpty { found.append("sysctls that it forbade") }
        return found
    }

    /// What it leaves open and every level but privileged refuses.
    var allowances: [String] {
        var found: [String] = []
        if rule("seLinux") == "RunAsAny" { found.append("a SELinux user or role of the pod's choice") }
        if seccomp?.contains("*") ?? false { found.append("seccomp turned off by a pod") }
        if appArmor == nil { found.append("AppArmor turned off by a pod") }
        return found
    }
}
