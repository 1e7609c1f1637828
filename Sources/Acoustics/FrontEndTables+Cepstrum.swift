// Only the cepstral coefficients of a model that has more: the work common to all front ends, for
// comparisons.

extension FrontEndTables {
  /// The same front end without extras.
  public var withoutExtras: FrontEndTables {
    var tables = self
    tables.definition.extras = .none
    tables.definition.runningMeans = 0
    return tables
  }
}

extension FeatureTables {
  /// The same map with only the coefficients as columns.
  public var coefficientsAlone: FeatureTables {
    var tables = self
    tables.directBands = 0
    tables.directCount = 0
    tables.runningMeans = 0
    tables.deltaCount = 0
    return tables
  }
}
