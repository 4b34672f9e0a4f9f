kind-province = Province
kind-city = City
kind-county = County
kind-township = Township
kind-branch = Branch
