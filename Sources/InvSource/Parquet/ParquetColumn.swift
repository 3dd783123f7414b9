/// A column of a Parquet file that is not nested, as its schema has it.
struct ParquetColumn {
  /// How values are stored.
  enum Storage: Int64 {
    case boolean, int32, int64, int96, float, double, text, fixed
  }

  /// What is done with what is stored to get the column's values.
  enum Meaning: Equatable {
    case asStored
    /// 32 bits without a sign.
    case unsigned32
    /// 64 bits without a sign: more than 63 are refused.
    case unsigned64
    /// Integers of which one counts as many.
    case times(Int64)
    case days
    /// Points in time, of which this many make a second.
    case time(Int64)
    case int96
    /// A number of units of which 10 to the power of this make 1.
    case decimal(Int)
  }

  let name: String
  let storage: Storage
  /// The length of each value of storage `fixed`.
  let length: Int
  let meaning: Meaning
  let isOptional: Bool
  /// Its number among those that have chunks.
  let leaf: Int
  /// Its number among those that are read.
  let number: Int
}

/// What the schema says of a column beyond how it is stored: the logical type, or the converted type that
/// came before it.
enum ParquetAnnotation: Equatable {
  case none
  case decimal(scale: Int)
  case date
  case timeOfDay(perSecond: Int64)
  case timestamp(perSecond: Int64)
  case integer(isSigned: Bool)
  /// Text in some sense; what is not read has a name.
  case named(String)

  /// ConvertedType of parquet.thrift.
  init(converted: Int64, scale: Int) {
    self =
      switch converted {
      case 1, 2: .named("map")
      case 3: .named("list")
      case 5: .decimal(scale: scale)
      case 6: .date
      case 7: .timeOfDay(perSecond: 1000)
      case 8: .timeOfDay(perSecond: 1_000_000)
      case 9: .timestamp(perSecond: 1000)
      case 10: .timestamp(perSecond: 1_000_000)
      case 11...14: .integer(isSigned: false)
      case 15...18: .integer(isSigned: true)
      case 21: .named("interval")
      default: .none
      }
  }

  /// The kind of column, and how its values come to be, where it is stored as `storage`; no meaning when
  /// it is not read.
  func kind(_ storage: ParquetColumn.Storage, length: Int)
    -> (kind: TableColumn.Kind, meaning: ParquetColumn.Meaning?)
  {
    switch (storage, self) {
    case (.boolean, _): return (.boolean, .asStored)
    case (.float, _), (.double, _): return (.real, .asStored)
    case (.int96, _): return (.time, .int96)
    case (.int32, .date): return (.time, .days)
    case (.int64, .timestamp(let unit)): return (.time, .time(unit))
    case (.int32, .timeOfDay(let unit)), (.int64, .timeOfDay(let unit)):
      return (.integer, .times(1_000_000_000 / unit))
    case (.int32, .integer(isSigned: false)): return (.unsigned, .unsigned32)
    case (.int64, .integer(isSigned: false)): return (.unsigned, .unsigned64)
    case (.fixed, .decimal) where length > 16: return (.other("decimal of \(length) bytes"), nil)
    case (_, .decimal(let scale)): return (scale == 0 ? .integer : .real, .decimal(scale))
    case (.int32, _), (.int64, _): return (.integer, .asStored)
    case (.text, _): return (.bytes, .asStored)
    case (.fixed, .named(let name)): return (.other(name), nil)
    case (.fixed, _): return (.bytes, .asStored)
    }
  }
}
