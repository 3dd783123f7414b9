/// What a field of a scan's record says; the raw value is its bit in a `ScanFields`.
enum ScanField: UInt8, CaseIterable {
  case inode, generation, snapshot, device, fid
  case size, blocks, kilobytes
  case owner, group, ownerName, groupName
  case project
  case kind, mode
  case links
  case accessed, modified
  case accessedStamp, modifiedStamp
  /// Passed over: up to what follows, or up to the first byte of what follows.
  case skipped, word
  /// Passed over: what stands in `<>`, and a word that neither has a `=` nor ends the words.
  case node, plainWord
  /// The rest of the record: from the root, or from where the scan began.
  case path, relativePath

  /// What it is for: no two fields of a record may be for the same.
  var role: ScanRole? {
    switch self {
    case .inode: .file
    case .fid: .file
    case .device: .fileHigh
    case .generation: .generation
    case .snapshot: .snapshot
    case .size: .size
    case .blocks, .kilobytes: .allocated
    case .owner, .ownerName: .owner
    case .group, .groupName: .group
    case .project: .project
    case .kind, .mode: .kind
    case .links: .links
    case .accessed, .accessedStamp: .accessed
    case .modified, .modifiedStamp: .modified
    case .path, .relativePath: .path
    case .skipped, .word, .node, .plainWord: nil
    }
  }

  /// What a record is whose field is not what it should be.
  var fault: RowVerdict {
    switch role {
    case .file, .fileHigh, .generation, .snapshot: .badFileID
    case .size: .badSize
    case .allocated: .badAllocated
    case .owner: .badOwner
    case .group: .badGroup
    case .project: .badProject
    case .kind: .badKind
    case .links: .badLinks
    case .accessed, .modified: .badScanTime
    case .path, nil: .badRecord
    }
  }
}

/// What of a row a field is for.
enum ScanRole: UInt8, CaseIterable {
  case file, fileHigh, generation, snapshot, size, allocated, owner, group, project, kind, links
  case accessed, modified, path

  /// What a record is that has no such field, though it should.
  var absence: RowVerdict {
    switch self {
    case .size: .noScanSize
    case .allocated: .noAllocated
    case .owner: .noOwner
    case .group: .noGroup
    case .kind: .badKind
    case .accessed, .modified: .noScanTime
    case .links: .noLinks
    case .project: .noProject
    case .file, .fileHigh, .generation, .snapshot, .path: .badRecord
    }
  }
}

/// A set of roles.
struct ScanRoles: Equatable, Sendable {
  private(set) var bits: UInt32 = 0

  init(_ roles: [ScanRole] = []) {
    for role in roles { insert(role) }
  }

  func has(_ role: ScanRole) -> Bool { bits >> UInt32(role.rawValue) & 1 != 0 }

  /// Adds a role; false when it was there.
  @discardableResult
  mutating func insert(_ role: ScanRole) -> Bool {
    if has(role) { return false }
    bits |= 1 << UInt32(role.rawValue)
    return true
  }

  /// One that is here but not in `other`.
  func first(notIn other: ScanRoles) -> ScanRole? {
    ScanRole.allCases.first { has($0) && !other.has($0) }
  }
}
