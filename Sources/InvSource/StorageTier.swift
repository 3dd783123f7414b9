/// The storage classes of S3, Intelligent-Tiering split by access tier: each has AWS's name and a short
/// one.
public enum StorageTier: String, CaseIterable, Sendable {
  case standard = "STANDARD"
  case standardIA = "STANDARD_IA"
  case oneZoneIA = "ONEZONE_IA"
  case glacierIR = "GLACIER_IR"
  case glacierFR = "GLACIER"
  case deepArchive = "DEEP_ARCHIVE"
  case reducedRedundancy = "REDUCED_REDUNDANCY"
  case itFrequent = "INTELLIGENT_TIERING/FREQUENT_ACCESS"
  case itInfrequent = "INTELLIGENT_TIERING/INFREQUENT_ACCESS"
  case itArchiveInstant = "INTELLIGENT_TIERING/ARCHIVE_INSTANT_ACCESS"
  case itArchive = "INTELLIGENT_TIERING/ARCHIVE_ACCESS"
  case itDeepArchive = "INTELLIGENT_TIERING/DEEP_ARCHIVE_ACCESS"

  /// The name that the older tools gave it.
  public var shortName: String {
    switch self {
    case .standard: "Standard"
    case .standardIA: "StandardIA"
    case .oneZoneIA: "OneZoneIA"
    case .glacierIR: "GlacierIR"
    case .glacierFR: "GlacierFR"
    case .deepArchive: "DeepArchive"
    case .reducedRedundancy: "ReducedRedundancy"
    case .itFrequent: "ITFrequent"
    case .itInfrequent: "ITInfrequent"
    case .itArchiveInstant: "ITArchiveInstant"
    case .itArchive: "ITArchive"
    case .itDeepArchive: "ITDeepArchive"
    }
  }

  /// The tier that either of its names means, in any case.
  public init?(name: some StringProtocol) {
    let wanted = name.lowercased()
    let tier = Self.allCases.first {
      $0.rawValue.lowercased() == wanted || $0.shortName.lowercased() == wanted
    }
    guard let tier else { return nil }
    self = tier
  }

  private static let intelligentTiering = "INTELLIGENT_TIERING"

  /// The one spelling of what an inventory says in StorageClass and IntelligentTieringAccessTier.
  ///
  /// A class that is none of the twelve keeps its name, and an empty one is for the caller to judge.
  public static func spelling(class name: [UInt8], accessTier: [UInt8] = []) -> [UInt8] {
    let text = String(decoding: name, as: UTF8.self)
    if let tier = StorageTier(name: text) { return Array(tier.rawValue.utf8) }
    let words = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = words.first, first.uppercased() == intelligentTiering else { return name }
    let access = words.count > 1 ? Array(words[1].utf8) : accessTier
    if access.isEmpty { return Array(intelligentTiering.utf8) }
    let tier = StorageTier(accessTier: String(decoding: access, as: UTF8.self))
    return tier.map { Array($0.rawValue.utf8) } ?? Array(intelligentTiering.utf8) + [0x2f] + access
  }

  /// The tier that any spelling of an access tier of Intelligent-Tiering means.
  init?(accessTier: String) {
    var word = accessTier.uppercased()
    word.replace("-", with: "_")
    word.replace(" ", with: "_")
    if word.hasSuffix("_ACCESS") { word.removeLast("_ACCESS".count) }
    switch word {
    case "FREQUENT": self = .itFrequent
    case "INFREQUENT": self = .itInfrequent
    case "ARCHIVE_INSTANT": self = .itArchiveInstant
    case "ARCHIVE": self = .itArchive
    case "DEEP_ARCHIVE": self = .itDeepArchive
    default: return nil
    }
  }
}
