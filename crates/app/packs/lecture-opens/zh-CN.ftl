kind-province = 省委
kind-city = 市委
kind-county = 县委
kind-township = 乡镇党委
kind-branch = 党支部
