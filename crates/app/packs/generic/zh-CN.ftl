kind-province = 省级
kind-city = 市级
kind-county = 县级
kind-township = 乡镇
kind-branch = 基层单位
