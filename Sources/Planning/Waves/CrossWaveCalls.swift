import Findings
import Manifests

/// Which wave talks to Services of which other wave, as far as manifests tell.
///
/// While one of the two is on green and the other is not, cluster DNS leads each side to its own cluster: the caller
/// on green finds a Service whose workloads still sleep. Only names with their namespace (`stock.orders`,
/// `stock.orders.svc.cluster.local`) count; a bare name cannot leave its namespace.
enum CrossWaveCalls {
    /// One hazard per wave and Service it calls, unless the called wave is done first anyway.
    static func hazards(_ objects: [Judgement], waves: [Wave]) -> [PlannedHazard] {
        var services: [String: String] = [:]
        for object in objects where object.source.gvk.groupKind == .core("Service") {
            guard let namespace = object.source.namespace, let wave = object.line.wave else { continue }
            services["\(object.source.name).\(namespace)"] = wave
        }
        let done = ancestors(waves)
        var seen: Set<String> = []
        var hazards: [PlannedHazard] = []
        for object in objects.sorted(by: { $0.line.object < $1.line.object }) where object.isApplied {
            guard let wave = object.line.wave else { continue }
            for service in mentioned(in: object.source, services: services) {
                guard let called = services[service], called != wave, !(done[wave]?.contains(called) ?? false),
                    seen.insert("\(wave) \(service)").inserted
                else { continue }
                hazards.append(
                    PlannedHazard(
                        id: "cross-wave-call", object: object.line.object,
                        message:
                            "wave \(wave) calls Service \(service) of wave \(called), which need not be awake then",
                        answer: .informs, detail: "let \(wave) depend on \(called), or put both into one wave"))
            }
        }
        return hazards
    }

    /// The Services named in an object's pod template or, for a ConfigMap, in its data; sorted.
    static func mentioned(in object: KubeObject, services: [String: String]) -> [String] {
        var found: Set<String> = []
        if object.gvk.groupKind == .core("ConfigMap") {
            if let data = object.json["data"] { scan(data, services, &found) }
        } else if object.gvk.groupKind == .core("Service"), let name = object["spec.externalName"] {
            scan(name, services, &found)
        } else if let template = PodTemplate(of: object) {
            for container in template.containers {
                for member in ["env", "args", "command"] {
                    if let value = container.container[member] { scan(value, services, &found) }
                }
            }
        }
        return found.sorted()
    }

    private static func scan(_ value: JSONValue, _ services: [String: String], _ found: inout Set<String>) {
        switch value {
        case .string(let text):
            let words = text.utf8.split { byte in
                !((0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "."))
            }
            for word in words {
                let labels = word.split(separator: UInt8(ascii: "."))
                guard labels.count >= 2 else { continue }
                let name = "\(String(decoding: labels[0], as: UTF8.self)).\(String(decoding: labels[1], as: UTF8.self))"
                if services[name] != nil { found.insert(name) }
            }
        case .array(let elements): for element in elements { scan(element, services, &found) }
        case .object(let members): for member in members { scan(member.value, services, &found) }
        default: break
        }
    }

    private static func ancestors(_ waves: [Wave]) -> [String: Set<String>] {
        var done: [String: Set<String>] = [:]
        for wave in waves {
            done[wave.name] = wave.dependsOn.reduce(into: []) { set, name in
                set.insert(name)
                set.formUnion(done[name] ?? [])
            }
        }
        return done
    }
}
