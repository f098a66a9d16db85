import Manifests

/// Which texts may be names, labels and keys.
enum NameRules {
    /// RFC 1123 subdomain: most names.
    static func isSubdomain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabelText($0.utf8) }
    }

    /// RFC 1123 label: namespaces, and Services since 1.36.
    static func isLabel(_ text: String) -> Bool { text.utf8.count <= 63 && isLabelText(text.utf8) }

    /// RFC 1035 label: as above, but not beginning with a digit.
    static func isService(_ text: String) -> Bool {
        isLabel(text) && text.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
    }

    /// A path segment: names of RBAC objects.
    static func isPathSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.contains("/") && !text.contains("%")
    }

    /// The value of a label.
    static func isLabelValue(_ text: String) -> Bool {
        text.isEmpty || (text.utf8.count <= 63 && isQualifiedName(text.utf8))
    }

    /// The key of a label or annotation: `prefix/name` or `name`.
    static func isQualifiedKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, name.utf8.count <= 63, isQualifiedName(name.utf8) else {
            return false
        }
        return parts.count == 1 || isSubdomain(String(parts[0]))
    }

    /// The key in a ConfigMap or Secret.
    static func isConfigKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253 && text != "." && !text.hasPrefix("..")
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    /// Why a name is not one for this resource; nil when it is.
    static func fault(inName name: String, of resource: ServedResource, at version: KubernetesVersion) -> String? {
        switch (resource.gvk.group, resource.kind) {
        case ("", "Namespace"):
            isLabel(name)
                ? nil
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                    + "start and end with an alphanumeric character"
        case ("", "Service"):
            if version >= KubernetesVersion(minor: 36) {
                isLabel(name) ? nil : name.contains(".") ? "must not contain dots" : "must be an RFC 1123 label"
            } else {
                isService(name)
                    ? nil
                    : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
                        + "alphabetic character, and end with an alphanumeric character"
            }
        case ("rbac.authorization.k8s.io", _):
            isPathSegment(name) ? nil : "may not be '.' or '..' and may not contain '/' or '%'"
        default:
            isSubdomain(name)
                ? nil
                : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                    + "and must start and end with an alphanumeric character"
        }
    }

    private static func isLabelText(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "-") else { return false }
        var last = first
        for byte in bytes {
            guard (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") else {
                return false
            }
            last = byte
        }
        return last != UInt8(ascii: "-")
    }

    private static func isQualifiedName(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, isAlphanumeric(first) else { return false }
        var last = first
        for byte in bytes {
            guard isAlphanumeric(byte) || "-_.".utf8.contains(byte) else { return false }
            last = byte
        }
        return isAlphanumeric(last)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
