/// Whose names the columns of a data file have.
public enum ColumnFamily: Sendable {
  /// The inventories of S3 and of those that write theirs like it.
  case s3
  case azure, gcs
  /// What `rclone` lists.
  case rclone
  /// A listing of S3 by the AWS command line.
  case aws
  case ncdu
  /// Text whose columns were named on the command line, by the names of object rows.
  case delimited
  /// Scans of filesystems, whose columns have no names.
  case scan

  /// What a column can be for.
  enum Role: CaseIterable {
    case key, size, allocated, modified, accessed, storageClass, accessTier, isLatest, isMarker
    case isFolder, sort, isDeleted
    /// Such columns are filled where an object is no longer current.
    case past

    /// Those that become a column of their own, so that they need not be carried as words.
    static let ofColumns: [Role] = [
      .key, .size, .allocated, .modified, .accessed, .storageClass, .isLatest, .isMarker,
    ]
  }

  /// What columns for `role` are called, plainly; of several in one file the first counts.
  func names(_ role: Role) -> [String] {
    switch (self, role) {
    case (.azure, .key), (.gcs, .key), (.ncdu, .key): ["name"]
    case (.rclone, .key): ["path"]
    case (_, .key): ["key"]
    case (.azure, .size): ["contentlength"]
    case (.ncdu, .size): ["asize"]
    case (_, .size): ["size"]
    case (.ncdu, .allocated): ["dsize"]
    case (.delimited, .allocated): ["allocated"]
    // Objects do not change: what `updated` adds are changes of class and of metadata.
    case (.gcs, .modified): ["timecreated", "updated"]
    case (.rclone, .modified): ["modtime"]
    case (.ncdu, .modified): ["mtime"]
    case (.delimited, .modified): ["modified"]
    case (_, .modified): ["lastmodifieddate", "lastmodified"]
    case (.azure, .accessed): ["lastaccesstime"]
    case (.delimited, .accessed): ["accessed"]
    case (.azure, .storageClass): ["accesstier"]
    case (.rclone, .storageClass): ["tier"]
    case (.delimited, .storageClass): ["class"]
    case (.ncdu, .storageClass): []
    case (_, .storageClass): ["storageclass"]
    case (.s3, .accessTier): ["intelligenttieringaccesstier"]
    case (.s3, .isLatest), (.aws, .isLatest): ["islatest"]
    case (.azure, .isLatest): ["iscurrentversion"]
    case (.s3, .isMarker), (.aws, .isMarker): ["isdeletemarker"]
    case (.azure, .isFolder): ["hdiisfolder"]
    case (.rclone, .isFolder): ["isdir"]
    case (.delimited, .isFolder): ["directory"]
    case (.ncdu, .sort): ["sort"]
    case (.azure, .isDeleted): ["deleted"]
    case (.azure, .past): ["snapshot"]
    case (.gcs, .past): ["timedeleted", "softdeletetime"]
    default: []
    }
  }

  /// Whether a column called `name` has a place of its own in rows.
  func hasRole(_ name: String) -> Bool {
    Role.allCases.contains { names($0).contains(RowLayout.plain(name)) }
      || hasOwners && ["owner", "group"].contains(name)
  }

  /// What the column of keys is called in documents.
  var keyName: String {
    switch self {
    case .azure: "Name"
    case .gcs, .ncdu: "name"
    case .rclone: "Path"
    case .delimited: "key"
    case .s3, .aws: "Key"
    case .scan: "path"
    }
  }

  /// Whether keys are URL-encoded unless it is said otherwise.
  var hasEncodedKeys: Bool { self == .s3 }

  /// Whether an object without a class is in the standard one.
  var hasDefaultClass: Bool { self == .s3 || self == .aws }

  /// Whether owners and groups are columns of the rows without being asked for.
  var hasOwners: Bool { self == .azure || self == .ncdu || self == .delimited }

  /// Whether a key that ends in a slash is that of a directory.
  var hasFolderKeys: Bool { self == .rclone }

  /// Whether nothing can be hidden below what is listed.
  var isFileSystem: Bool { self == .ncdu || self == .scan }

  /// Whether times may also be seconds since 1970.
  var hasPlainTimes: Bool { self == .delimited || self == .ncdu }

  /// Whether a size may be unknown, written as -1.
  var hasUnknownSizes: Bool { self == .rclone }
}
