import Catalog
import FoundationEssentials
import Manifests

/// Certificates that have ended, or end within the days that were asked for.
///
/// In an upgrade they matter twice: what is copied to green ends there as it would on blue, and a bundle of authorities
/// that has ended makes a webhook refuse everything. Says nothing where no moment was given to count from.
public struct CertificateExpiryCheck: Check {
    public let code = "certificate-expiring"
    public let summary = "A certificate has ended, or ends soon."

    public init() {}

    public func findings(in subject: CheckSubject, context: CheckContext) -> [Finding] {
        guard let term = context.certificates else { return [] }
        let facts = subject.certificates ?? CertificateReader.read(subject.object)
        return Dictionary(grouping: facts, by: \.path).sorted { $0.key.description < $1.key.description }
            .compactMap { _, facts in
                Self.verdict(facts, term).map { verdict in
                    subject.finding(
                        code, verdict.severity, consequence: verdict.consequence, about: subject.object.gvk,
                        at: verdict.fact.path, message: verdict.message, remedy: verdict.remedy)
                }
            }.inOrderOfPlaces
    }

    public func need(in context: CheckContext) -> CheckNeed {
        context.certificates == nil ? .anyOf([]) : CertificateReader.need
    }

    /// What is to be said of the certificates of one place.
    struct Verdict {
        var severity: Finding.Severity
        var consequence: Finding.Consequence
        var fact: CertificateFact
        var message: String
        var remedy: String
    }

    /// Nil while all is well.
    static func verdict(_ facts: [CertificateFact], _ term: CertificateTerm) -> Verdict? {
        let readable = facts.filter { $0.problem == nil }
        // Of a chain every link is needed; of several authorities one good one is enough.
        let counting =
            facts.first?.role == .authority
            ? readable.max { $0.end < $1.end } : readable.min { $0.end < $1.end }
        guard let fact = counting else {
            return facts.first.map {
                Verdict(
                    severity: .info, consequence: .nothingYet, fact: $0, message: "Its certificate could not be read.",
                    remedy: "Look at it with openssl x509.")
            }
        }
        let what =
            (fact.role == .authority ? "The authority" : "The certificate")
            + (fact.subject.isEmpty ? "" : " \(fact.subject)")
        if fact.end < term.now {
            return Verdict(
                severity: .breaks, consequence: .refused, fact: fact,
                message: "\(what) has ended on \(fact.day).",
                remedy: fact.renewer.map { "See why \($0) has not renewed it." } ?? "Renew it.")
        }
        guard fact.end < term.now + Int64(term.days) * 86400 else { return nil }
        let days = (fact.end - term.now) / 86400
        return Verdict(
            severity: fact.renewer == nil ? .warns : .info, consequence: .breaksLater, fact: fact,
            message: "\(what) ends on \(fact.day), in \(days) day\(days == 1 ? "" : "s").",
            remedy: fact.renewer.map { "\($0) is to renew it before that; see that it does." }
                ?? "Renew it before the upgrade, so that nobody looks for the trouble there.")
    }
}

/// From when on, and how far ahead, ends of certificates are told.
public struct CertificateTerm: Sendable, Hashable {
    /// Seconds since 1970; handed in, for this room never reads the clock.
    public var now: Int64
    public var days: Int

    public init(now: Int64, days: Int) {
        self.now = now
        self.days = days
    }
}
