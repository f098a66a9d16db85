import FoundationEssentials
import SwiftASN1
import X509

/// The two things of an X.509 certificate that are told: whose it is, and when it ends.
///
/// Nothing is verified.
struct CertificateValidity {
    /// `CN=web.example.org, O=Shop`; empty where the subject names nobody.
    var subject: String
    /// The last moment, in seconds since 1970.
    var end: Int64

    /// Nil for bytes that are no certificate.
    init?(der bytes: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: bytes) else { return nil }
        end = Int64(certificate.notValidAfter.timeIntervalSince1970)
        subject = certificate.subject.flatMap { Array($0) }.compactMap { attribute in
            Self.names[attribute.type].map { "\($0)=\(attribute.value)" }
        }.joined(separator: ", ")
    }

    /// What tells a person whose it is; the rest of a name is left out.
    private static let names: [ASN1ObjectIdentifier: String] = [
        .NameAttributes.commonName: "CN", .NameAttributes.organizationName: "O",
        .NameAttributes.organizationalUnitName: "OU",
    ]
}
