//! The demo's province: 3 cities, 8 counties, 20 townships, 60 branches. All names are made up.

use crate::organisations::{self, BEGINNING, OrganisationId, Organisations};
use crate::state::App;

const CITIES: [&str; 3] = ["临江市", "云岭市", "海塘市"];
const COUNTIES: [&str; 8] = ["青禾县", "石桥县", "柳溪区", "安平县", "松原县", "东湖区", "桂山县", "望海县"];
const TOWNSHIPS: [&str; 20] = [
    "白鹭镇",
    "三河镇",
    "新丰镇",
    "大坪乡",
    "龙泉镇",
    "花田乡",
    "古渡镇",
    "长岭镇",
    "清溪镇",
    "红枫乡",
    "稻香镇",
    "竹林镇",
    "明月街道",
    "建设街道",
    "北渡镇",
    "南湾镇",
    "银杏街道",
    "茶园乡",
    "盐田镇",
    "灯塔街道",
];
const BRANCHES: [&str; 60] = [
    "石桥村",
    "柳树村",
    "东风村",
    "小河村",
    "桃园村",
    "前进村",
    "高山村",
    "平安社区",
    "新村",
    "渔家村",
    "梨花村",
    "大树村",
    "光明社区",
    "胜利村",
    "沙湾村",
    "竹园村",
    "桥头村",
    "和平社区",
    "丰收村",
    "金谷村",
    "牧羊村",
    "青松村",
    "水车村",
    "古井村",
    "书院社区",
    "花园社区",
    "幸福村",
    "枣园村",
    "茶山村",
    "石磨村",
    "雨花社区",
    "星火村",
    "朝阳社区",
    "连心村",
    "同心社区",
    "玉泉村",
    "麦田村",
    "云雾村",
    "仙女村",
    "红旗村",
    "中心小学",
    "人民医院",
    "供电所",
    "水务站",
    "农技站",
    "卫生院",
    "第一中学",
    "图书馆",
    "纺织厂",
    "公交公司",
    "邮政支局",
    "林场",
    "港务站",
    "渔业公司",
    "环卫所",
    "养老院",
    "文化馆",
    "客运站",
    "消防站",
    "气象站",
];

/// Code, name, kind and superior of every organisation, superiors first.
fn rows() -> Vec<(String, String, &'static str, Option<String>)> {
    let mut rows = vec![("86".to_owned(), "青禾省".to_owned(), "province", None)];
    let mut level = |names: &[&str], kind: &'static str, parents: Vec<String>| -> Vec<String> {
        let mut codes = Vec::new();
        for (n, name) in names.iter().enumerate() {
            // Spread evenly: every superior has a subordinate.
            let at = n * parents.len() / names.len();
            let first = (at * names.len()).div_ceil(parents.len());
            let parent = &parents[at];
            let code = format!("{parent}{:02}", n - first + 1);
            rows.push((code.clone(), (*name).to_owned(), kind, Some(parent.clone())));
            codes.push(code);
        }
        codes
    };
    let cities = level(&CITIES, "city", vec!["86".into()]);
    let counties = level(&COUNTIES, "county", cities);
    let townships = level(&TOWNSHIPS, "township", counties);
    level(&BRANCHES, "branch", townships);
    rows
}

/// Plants them, in force since ever.
pub(super) async fn plant(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let mut ids = std::collections::HashMap::<String, OrganisationId>::new();
    for (n, (code, name, kind, parent)) in rows().into_iter().enumerate() {
        let id = OrganisationId::new(app.clock.as_ref());
        let parent = parent.and_then(|code| ids.get(&code).copied());
        let members = 12 + (n as i64 * 7) % 60;
        Organisations(&mut tx).insert_plain(id, &code, &name, kind, members, parent, BEGINNING, app.clock.as_ref()).await?;
        ids.insert(code, id);
    }
    Organisations(&mut tx).bump_revision().await?;
    tx.commit().await?;
    Ok(organisations::refresh(app).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_province_has_the_shape_that_is_promised() {
        let rows = rows();
        let count = |kind| rows.iter().filter(|(_, _, k, _)| *k == kind).count();
        let shape = ["province", "city", "county", "township", "branch"].map(count);
        assert_eq!(shape, [1, 3, 8, 20, 60]);
        let codes: std::collections::HashSet<_> = rows.iter().map(|r| &r.0).collect();
        assert_eq!(codes.len(), rows.len());
        let parents: std::collections::HashSet<_> = rows.iter().filter_map(|r| r.3.as_ref()).collect();
        assert_eq!(parents.len(), 1 + 3 + 8 + 20, "everybody above a branch has subordinates");
    }
}
