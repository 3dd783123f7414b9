/// The formats of data files, by the names that options and file streams have for them.
public enum SourceFormat: String, CaseIterable, Sendable {
  case s3CSV = "s3-csv"
  case s3Parquet = "s3-parquet"
  case s3ORC = "s3-orc"
  case azureCSV = "azure-csv"
  case azureParquet = "azure-parquet"
  case gcsCSV = "gcs-csv"
  case gcsParquet = "gcs-parquet"
  case ossCSV = "oss-csv"
  case cosCSV = "cos-csv"
  case obsCSV = "obs-csv"
  case awsObjects = "aws-objects"
  case awsVersions = "aws-versions"
  case awsLs = "aws-ls"
  case rcloneJSON = "rclone-lsjson"
  case rcloneLsf = "rclone-lsf"
  case ncdu
  case delimited
  case gpfs, lustre, find

  /// What writes it.
  public var what: String {
    switch self {
    case .s3CSV: "S3 Inventory, CSV"
    case .s3Parquet: "S3 Inventory, Parquet"
    case .s3ORC: "S3 Inventory, ORC"
    case .azureCSV: "Azure Blob Inventory, CSV"
    case .azureParquet: "Azure Blob Inventory, Parquet"
    case .gcsCSV: "Google Storage Insights, CSV"
    case .gcsParquet: "Google Storage Insights, Parquet"
    case .ossCSV: "Alibaba OSS inventory, CSV"
    case .cosCSV: "Tencent COS inventory, CSV"
    case .obsCSV: "Huawei OBS inventory, CSV"
    case .awsObjects: "aws s3api list-objects-v2"
    case .awsVersions: "aws s3api list-object-versions"
    case .awsLs: "aws s3 ls --recursive"
    case .rcloneJSON: "rclone lsjson"
    case .rcloneLsf: "rclone lsf"
    case .ncdu: "ncdu -o, JSON"
    case .delimited: "any delimited text"
    case .gpfs: "GPFS, mmapplypolicy LIST"
    case .lustre: "Lustre, lfs find --printf"
    case .find: "find -printf"
    }
  }

  /// How it is recognised.
  public var mark: String {
    switch self {
    case .s3CSV: "a manifest, or a first line with Key"
    case .s3Parquet: "Parquet with a column key"
    case .s3ORC: "ORC with a column key"
    case .azureCSV: "a first line with Name and others of Azure"
    case .azureParquet: "Parquet with Name and others of Azure"
    case .gcsCSV: "a manifest, or a first line with name and others of Google"
    case .gcsParquet: "Parquet with name and others of Google"
    case .ossCSV, .cosCSV, .obsCSV: "read as s3-csv is"
    case .awsObjects: "JSON with Contents, or an array of objects with Key"
    case .awsVersions: "JSON with Versions or DeleteMarkers"
    case .awsLs: "lines of date, time, size and key"
    case .rcloneJSON: "JSON, an array of objects with Path"
    case .rcloneLsf: "only by its name; --columns has the letters of --format"
    case .ncdu: "JSON, an array that begins with a number"
    case .delimited: "only by its name; --columns says what is where"
    case .gpfs: "lines of inode, generation, snapshot, key=value, -- and path"
    case .lustre: "lines of FID, key=value, -- and path"
    case .find: "records as 'Scans' below has them, or --template"
    }
  }

  /// How a data file of it is read.
  enum Reading: Equatable {
    /// Delimited text with columns of a family.
    case text(ColumnFamily)
    case table(TableKind)
    /// Entry by entry.
    case rows
    /// As a scan.
    case scan
  }

  var reading: Reading {
    switch self {
    case .s3CSV, .ossCSV, .cosCSV, .obsCSV: .text(.s3)
    case .azureCSV: .text(.azure)
    case .gcsCSV: .text(.gcs)
    case .rcloneLsf: .text(.rclone)
    case .delimited: .text(.delimited)
    case .s3Parquet, .azureParquet, .gcsParquet: .table(.parquet)
    case .s3ORC: .table(.orc)
    case .awsObjects, .awsVersions, .awsLs, .rcloneJSON, .ncdu: .rows
    case .gpfs, .lustre, .find: .scan
    }
  }

  /// The kind of tables that it is in, if it is.
  public var table: TableKind? { if case .table(let kind) = reading { kind } else { nil } }

  /// Whose names its columns have.
  public var family: ColumnFamily {
    switch self {
    case .s3CSV, .s3Parquet, .s3ORC, .ossCSV, .cosCSV, .obsCSV: .s3
    case .azureCSV, .azureParquet: .azure
    case .gcsCSV, .gcsParquet: .gcs
    case .awsObjects, .awsVersions, .awsLs: .aws
    case .rcloneJSON, .rcloneLsf: .rclone
    case .ncdu: .ncdu
    case .delimited: .delimited
    case .gpfs, .lustre, .find: .scan
    }
  }

  /// The format with these columns, stored as `kind`, if there is one.
  static func of(_ family: ColumnFamily, in kind: TableKind?) -> SourceFormat? {
    switch (family, kind) {
    case (.s3, nil): .s3CSV
    case (.s3, .parquet): .s3Parquet
    case (.s3, .orc): .s3ORC
    case (.azure, nil): .azureCSV
    case (.azure, .parquet): .azureParquet
    case (.gcs, nil): .gcsCSV
    case (.gcs, .parquet): .gcsParquet
    default: nil
    }
  }
}

/// The kinds of files that hold columns.
public enum TableKind: String, CaseIterable, Sendable {
  case parquet = "Parquet"
  case orc = "ORC"

  /// No more is looked at.
  public static let reach = 64

  /// What such a file begins with; "PARE" is one that is encrypted.
  private var beginnings: [String] { self == .parquet ? ["PAR1", "PARE"] : ["ORC"] }

  /// The kind of a file that begins with `front`.
  ///
  /// Text may begin like a table: one that `options` say is text is a table only if it has bytes that
  /// text has not.
  public init?(front: some Collection<UInt8>, _ options: ReadingOptions) {
    let isText = options.format.map { $0.table == nil } ?? (options.schema != nil)
    if isText && !front.contains(where: Self.isForeignToText) { return nil }
    let kind = Self.allCases.first { kind in
      kind.beginnings.contains { front.starts(with: $0.utf8) }
    }
    guard let kind else { return nil }
    self = kind
  }

  /// Whether no text has `byte`: a control character that separates neither lines nor columns.
  private static func isForeignToText(_ byte: UInt8) -> Bool {
    byte < 0x20 && ![0x01, 0x09, 0x0a, 0x0d].contains(byte)
  }
}
